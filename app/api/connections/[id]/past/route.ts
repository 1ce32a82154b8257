import { connectionRoute } from '@/lib/server/connections/connection-route';
import { estateAt } from '@/lib/server/estate/estate-at';
import { instantParam, problem } from '@/lib/server/route';

export const GET = connectionRoute(async (connectionId, params) => {
  const at = instantParam(params, 'at');
  return at.ok ? estateAt({ connectionId, at: at.value ?? new Date() }) : problem(400, at.error);
});
