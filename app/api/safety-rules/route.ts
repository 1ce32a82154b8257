import { route } from '@/lib/server/route';
import { listSafetyRules } from '@/lib/server/safety/list-safety-rules';

export const GET = route(() => listSafetyRules());
