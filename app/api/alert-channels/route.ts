import { listAlertChannels } from '@/lib/server/alerts/list-channels';
import { route } from '@/lib/server/route';

export const GET = route(() => listAlertChannels());
