import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getMap } from '@/lib/server/topology/get-topology';

export const GET = connectionRoute((connectionId, params) =>
  getMap({ connectionId, query: params.toString() }),
);
