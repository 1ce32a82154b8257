import 'server-only';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { RailView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { switches } from '@/lib/db/schema';
import { serverContext } from '@/lib/server/context';
import { countDrift } from '@/lib/server/drift/count-drift';
import { countUnapproved } from '@/lib/server/plans/count-unapproved';
import { recentRead, shareRead } from '@/lib/server/share-read';
import { query } from '@/lib/server/verb';
import { TooLateError, withinMs } from '@/lib/server/within-ms';
import { countProblems } from './list-workers';

/**
 * A badge is not worth waiting for: the first count of the drift of many runs takes a while, and a later poll has it.
 */
const driftWithinMs = 500;

async function driftSoon(db: Database): Promise<RailView['drifted']> {
  try {
    return await withinMs(countDrift(db), driftWithinMs, 'drift was not counted');
  } catch (error) {
    if (error instanceof TooLateError) return {};
    throw error;
  }
}

const readRail = shareRead(async (): Promise<RailView> => {
  const { db } = (await serverContext()).database;
  const [unapproved, drifted, problems, [board]] = await Promise.all([
    countUnapproved(db),
    driftSoon(db),
    countProblems(db),
    db
      .select({
        failedOver: sql<number>`count(*) filter (where ${switches.state} = 'failedOver')::int`,
        armed: sql<number>`count(*) filter (where ${switches.state} = 'armed')::int`,
      })
      .from(switches),
  ]);
  return { unapproved, drifted, problems, failedOver: board?.failedOver ?? 0, armed: board?.armed ?? 0 };
});

/** Returns what waits for a person behind the navigation entries. */
export const getRail = query('navigation.count', z.void(), 'all', readRail);

/**
 * Returns the same, up to a second old, for the frame of a page: its browser asks again as soon as it follows changes, and
 * hundreds of pages cost one reading.
 */
export const getRecentRail = query('navigation.countRecent', z.void(), 'all', recentRead(readRail, 1000));
