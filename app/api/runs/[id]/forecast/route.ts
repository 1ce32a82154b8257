import { problem, route } from '@/lib/server/route';
import { getRunForecast } from '@/lib/server/runs/get-forecast';

export const GET = route<{ id: string }>(
  async ({ id }) => (await getRunForecast(id)) ?? problem(404, 'run.gone'),
);
