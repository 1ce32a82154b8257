import { getDeployment } from '@/lib/server/functions/get-deployment';
import { problem, route } from '@/lib/server/route';

export const GET = route<{ id: string }>(
  async ({ id }) => (await getDeployment(id)) ?? problem(404, 'deployment.gone'),
);
