import { getRehearsal } from '@/lib/server/rehearsals/get-rehearsal';
import { problem, route } from '@/lib/server/route';

export const GET = route<{ id: string }>(
  async ({ id }) => (await getRehearsal(id)) ?? problem(404, 'rehearsal.gone'),
);
