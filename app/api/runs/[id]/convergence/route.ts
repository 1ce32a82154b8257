import { problem, route } from '@/lib/server/route';
import { getRunConvergence } from '@/lib/server/runs/get-convergence';

export const GET = route<{ id: string }>(
  async ({ id }) => (await getRunConvergence(id)) ?? problem(404, 'run.gone'),
);
