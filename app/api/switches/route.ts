import { route } from '@/lib/server/route';
import { getSwitchboard } from '@/lib/server/switches/get-switchboard';

export const GET = route(() => getSwitchboard());
