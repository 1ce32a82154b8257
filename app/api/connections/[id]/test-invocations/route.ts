import { connectionRoute } from '@/lib/server/connections/connection-route';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';

export const GET = connectionRoute(getTestInvocations);
