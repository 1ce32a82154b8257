import { getHealth } from '@/lib/server/operations/get-health';

export async function GET(): Promise<Response> {
  const health = await getHealth();
  return Response.json(health, {
    status: health.ready ? 200 : 503,
  });
}
