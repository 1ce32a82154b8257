import { connectionRoute } from '@/lib/server/connections/connection-route';
import { listEstateChanges } from '@/lib/server/estate/list-estate-changes';
import { instantParam, problem } from '@/lib/server/route';

/** The default window: changes of the last day. */
const dayMs = 86_400_000;

export const GET = connectionRoute(async (connectionId, params) => {
  const end = instantParam(params, 'to');
  if (!end.ok) return problem(400, end.error);
  const start = instantParam(params, 'from');
  if (!start.ok) return problem(400, start.error);
  const to = end.value ?? new Date();
  return listEstateChanges({ connectionId, from: start.value ?? new Date(to.getTime() - dayMs), to });
});
