import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getFunction } from '@/lib/server/functions/get-function';

export const GET = connectionRoute((connectionId, params) => {
  const { region = '', namespace = '', name = '' } = Object.fromEntries(params);
  return getFunction({ connectionId, region, namespace, name });
});
