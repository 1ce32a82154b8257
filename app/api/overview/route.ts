import { getOverview } from '@/lib/server/overview/get-overview';
import { route } from '@/lib/server/route';

export const GET = route(() => getOverview());
