import 'server-only';
import type { LineView } from '@/lib/client/views';
import { serverContext } from './context';
import { readLineStop } from './line-stop';

/** Whether the line is stopped, by whom and since when. */
export async function getLine(): Promise<LineView> {
  const { database } = await serverContext();
  return { stop: await readLineStop(database.db) };
}
