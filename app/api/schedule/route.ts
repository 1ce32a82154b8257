import { route } from '@/lib/server/route';
import { getSchedule } from '@/lib/server/runs/get-schedule';

export const GET = route(() => getSchedule());
