import { getHealth } from '@/lib/server/operations/get-health';
import { route } from '@/lib/server/route';

export const GET = route(async () => {
  const health = await getHealth();
  return Response.json(health, { status: health.ready ? 200 : 503 });
});
