import { getDrift } from '@/lib/server/get-drift';
import { ofConnection } from '@/lib/server/of-connection';

export const GET = ofConnection(getDrift);
