import 'server-only';
import { z } from 'zod';
import type { PlanContext } from '@/lib/preflight/model/conditions';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';
import { readConditions } from './read-conditions';

/**
 * Returns the current context of a plan that is being created on a connection and the others that it spans, and
 * how long clients keep a connection open, in seconds: plans created in the browser wait as long as those stored here.
 */
export const getPlanContext = query(
  'plan.getPlanContext',
  z.object({ connectionId: z.string(), others: z.array(z.string()).readonly().default([]) }),
  ({ connectionId, others }) => ({ connections: [connectionId, ...others] }),
  async ({ connectionId, others: connections }): Promise<PlanContext & { readonly keepAliveS: number }> => {
    const { database, settings } = await serverContext();
    const { now, others, maxSharePercent } = await readConditions(database.db, {
      connectionId,
      connections,
      span: null,
      maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
      others: { kind: 'all', ownName: null },
    });
    return { now, others, maxSharePercent, keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S };
  },
);
