import 'server-only';
import type { LineView } from '@/lib/client/views';
import { serverContext } from './context';
import { readLineStop, readStopLog } from './line-stop';
import { shareRead } from './share-read';

/** Returns who has paused all changes, since when and why, and who did so before. */
export const getLine = shareRead(async (): Promise<LineView> => {
  const { database } = await serverContext();
  const [stop, log] = await Promise.all([readLineStop(database.db), readStopLog(database.db)]);
  return { stop, log };
});
