import { ofConnection } from '@/lib/server/connections/of-connection';
import { getDrift } from '@/lib/server/drift/get-drift';

export const GET = ofConnection(getDrift);
