import { problem, route } from '@/lib/server/route';
import { getRun } from '@/lib/server/runs/get-run';

export const GET = route<{ id: string }>(async ({ id }) => (await getRun(id)) ?? problem(404, 'run.gone'));
