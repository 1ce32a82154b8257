import { connectionRoute } from '@/lib/server/connections/connection-route';
import { listFunctions } from '@/lib/server/functions/list-functions';

export const GET = connectionRoute((connectionId, params) => listFunctions({ connectionId, params }));
