import { problem, route } from '@/lib/server/route';
import { getRunCharts } from '@/lib/server/runs/get-run-charts';

export const GET = route<{ id: string }>(
  async ({ id }) => (await getRunCharts(id)) ?? problem(404, 'run.gone'),
);
