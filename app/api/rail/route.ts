import { getRail } from '@/lib/server/operations/get-rail';
import { route } from '@/lib/server/route';

export const GET = route(() => getRail());
