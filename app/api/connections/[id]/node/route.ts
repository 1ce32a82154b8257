import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getNode } from '@/lib/server/topology/get-topology';

export const GET = connectionRoute((connectionId, params) =>
  getNode({ connectionId, query: params.toString() }),
);
