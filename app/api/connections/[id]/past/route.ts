import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getPastEstate } from '@/lib/server/estate/get-past-estate';
import { instantParam, problem } from '@/lib/server/route';

export const GET = connectionRoute(async (connectionId, params) => {
  const at = instantParam(params, 'at');
  return at.ok ? getPastEstate({ connectionId, at: at.value ?? new Date() }) : problem(400, at.error);
});
