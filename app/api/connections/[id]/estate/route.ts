import { ofConnection } from '@/lib/server/connections/of-connection';
import { getEstate } from '@/lib/server/estate/get-estate';

export const GET = ofConnection(getEstate);
