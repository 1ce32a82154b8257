import 'server-only';
import type { LineView } from '@/lib/client/views';
import { serverContext } from './context';
import { readLineStop } from './line-stop';
import { shareRead } from './share-read';

/** Returns who has paused all changes, and since when. */
export const getLine = shareRead(async (): Promise<LineView> => {
  const { database } = await serverContext();
  return { stop: await readLineStop(database.db) };
});
