import { route } from '@/lib/server/route';
import { listVantagePoints } from '@/lib/server/settings/read-vantage-points';

export const GET = route(() => listVantagePoints());
