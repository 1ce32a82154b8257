'use server';

import { isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { NoteRouteAction, ShowChecklistAction } from '@/lib/contract/overview';
import { firstSteps } from '@/lib/db/schema';
import { buildRoutes } from '@/lib/estate/topology/build-routes';
import { mapLimits } from '@/lib/estate/topology/map-model';
import { listNodeIds } from '@/lib/estate/topology/route';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { refuse } from '@/lib/store/refusal';

const NodeInput = z.object({
  connectionId: z.string().min(1).max(100),
  node: z.string().min(1).max(mapLimits.id),
});

/**
 * Records that an operator has opened a route of the estate, identified by one of its nodes: once for all operators.
 */
export const noteRoute = verb(
  'checklist.noteRoute',
  NodeInput,
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, node }, { name: actor }): ReturnType<NoteRouteAction> => {
    const { db } = (await serverContext()).database;
    const estate = await newestSnapshot(db, connectionId);
    const isNode = (id: string) => id === node;
    if (estate === null || !buildRoutes(estate).some((route) => listNodeIds(route).some(isNode)))
      return refuse('route.gone', { node });
    const opened = { routeOpenedBy: actor, routeOpenedAt: new Date() };
    await db
      .insert(firstSteps)
      .values(opened)
      .onConflictDoUpdate({ target: firstSteps.id, set: opened, setWhere: isNull(firstSteps.routeOpenedAt) });
    return ok(null);
  },
);

const ShowInput = z.object({ isShown: z.boolean() });

/** Hides the first steps on the start page for all operators, or shows them again with their progress. */
export const showChecklist = verb(
  'checklist.show',
  ShowInput,
  'all',
  async ({ isShown }, { name: actor }): ReturnType<ShowChecklistAction> => {
    const { db } = (await serverContext()).database;
    const dismissed = isShown
      ? { dismissedBy: null, dismissedAt: null }
      : { dismissedBy: actor, dismissedAt: new Date() };
    await db
      .insert(firstSteps)
      .values(dismissed)
      .onConflictDoUpdate({ target: firstSteps.id, set: dismissed });
    return ok(null);
  },
);
