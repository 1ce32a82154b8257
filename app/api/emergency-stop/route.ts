import { route } from '@/lib/server/route';
import { getEmergencyStop } from '@/lib/server/settings/get-emergency-stop';

export const GET = route(() => getEmergencyStop());
