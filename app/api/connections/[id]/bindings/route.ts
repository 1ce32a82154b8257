import { ofConnection } from '@/lib/server/connections/of-connection';
import { listBindings } from '@/lib/server/estate/list-bindings';

export const GET = ofConnection(listBindings);
