import 'server-only';
import { sql } from 'drizzle-orm';
import type { RailView } from '@/lib/client/views';
import { switches } from '@/lib/db/schema';
import { serverContext } from './context';
import { countDrift } from './count-drift';
import { countUnapproved } from './count-unapproved';

/** What waits for a person behind the entries of the navigation. */
export async function getRail(): Promise<RailView> {
  const { db } = (await serverContext()).database;
  const [unapproved, drifted, [board]] = await Promise.all([
    countUnapproved(db),
    countDrift(db),
    db
      .select({
        failedOver: sql<number>`count(*) filter (where ${switches.state} = 'failedOver')::int`,
        armed: sql<number>`count(*) filter (where ${switches.state} = 'armed')::int`,
      })
      .from(switches),
  ]);
  return { unapproved, drifted, failedOver: board?.failedOver ?? 0, armed: board?.armed ?? 0 };
}
