import { getTrials } from '@/lib/server/get-trials';
import { ofConnection } from '@/lib/server/of-connection';

export const GET = ofConnection(getTrials);
