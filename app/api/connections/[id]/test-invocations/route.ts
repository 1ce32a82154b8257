import { ofConnection } from '@/lib/server/connections/of-connection';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';

export const GET = ofConnection(getTestInvocations);
