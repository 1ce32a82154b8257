import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getEstateSummary } from '@/lib/server/estate/get-estate';

export const GET = connectionRoute(getEstateSummary);
