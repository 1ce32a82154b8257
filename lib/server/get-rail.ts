import 'server-only';
import type { RailView } from '@/lib/client/views';
import { serverContext } from './context';
import { countUnapproved } from './count-unapproved';

/** What waits for a person behind the entries of the navigation. */
export async function getRail(): Promise<RailView> {
  const { db } = (await serverContext()).database;
  return { unapproved: await countUnapproved(db) };
}
