import { getTrafficHistory } from '@/lib/server/capacity/get-history';
import { connectionRoute } from '@/lib/server/connections/connection-route';
import { problem } from '@/lib/server/route';

export const GET = connectionRoute(async (connectionId, params) => {
  const { from = '', to = '', region = '', loadBalancerId = '', ...part } = Object.fromEntries(params);
  const place = { region, loadBalancerId, ...part };
  return (await getTrafficHistory({ connectionId, place, from, to })) ?? problem(404, 'history.placeGone');
});
