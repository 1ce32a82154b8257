import { listRehearsals } from '@/lib/server/rehearsals/get-rehearsal';
import { route } from '@/lib/server/route';

export const GET = route<{ id: string }>(({ id }) => listRehearsals(id));
