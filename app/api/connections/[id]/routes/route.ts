import { connectionRoute } from '@/lib/server/connections/connection-route';
import { listRoutes } from '@/lib/server/topology/get-topology';

export const GET = connectionRoute((connectionId, params) =>
  listRoutes({ connectionId, query: params.toString() }),
);
