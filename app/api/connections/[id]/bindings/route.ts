import { connectionRoute } from '@/lib/server/connections/connection-route';
import { listBindings } from '@/lib/server/estate/list-bindings';

export const GET = connectionRoute((connectionId, params) => listBindings({ connectionId, params }));
