import 'server-only';
import { z } from 'zod';
import type { PastEstateView } from '@/lib/contract/estate';
import { summarizeEstate } from '@/lib/estate/topology/summarize-estate';
import { seeEstate } from '@/lib/server/access/see-estate';
import { Instant } from '@/lib/server/page-params';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readPastEstate } from './read-past-estate';

/**
 * Returns the counts of the estate at an instant, by the last sync before it, with its gaps.
 * @returns null before the first stored sync
 */
export const getPastEstate = query(
  'estate.getPast',
  z.object({ connectionId: z.string(), at: Instant }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, at }, actor): Promise<PastEstateView | null> => {
    const past = await readPastEstate((await serverContext()).database.db, connectionId, at);
    if (past === null) return null;
    const { firstAt, lastAt, nextAt } = past.version;
    return {
      estate: summarizeEstate(seeEstate(actor, 'estate.getPast', past.estate)),
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
      nextAt: nextAt?.toISOString() ?? null,
    };
  },
);
