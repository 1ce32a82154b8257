import { listConnectionSettings } from '@/lib/server/connections/list-connection-settings';
import { route } from '@/lib/server/route';

export const GET = route(() => listConnectionSettings());
