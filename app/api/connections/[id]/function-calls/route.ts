import { connectionRoute } from '@/lib/server/connections/connection-route';
import { countCalls } from '@/lib/server/functions/count-calls';

export const GET = connectionRoute(countCalls);
