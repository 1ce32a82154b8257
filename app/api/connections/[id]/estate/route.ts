import { getEstate } from '@/lib/server/get-estate';
import { ofConnection } from '@/lib/server/of-connection';

export const GET = ofConnection(getEstate);
