import { listBindings } from '@/lib/server/list-bindings';
import { ofConnection } from '@/lib/server/of-connection';

export const GET = ofConnection(listBindings);
