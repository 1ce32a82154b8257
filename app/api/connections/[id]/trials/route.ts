import { ofConnection } from '@/lib/server/connections/of-connection';
import { getTrials } from '@/lib/server/functions/get-trials';

export const GET = ofConnection(getTrials);
