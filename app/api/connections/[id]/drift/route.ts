import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getDrift } from '@/lib/server/drift/get-drift';

export const GET = connectionRoute(getDrift);
