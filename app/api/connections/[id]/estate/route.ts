import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getEstate } from '@/lib/server/estate/get-estate';

export const GET = connectionRoute(getEstate);
