import { getMetrics } from '@/lib/server/operations/get-metrics';
import { route } from '@/lib/server/route';

export const GET = route(async () => {
  const metrics = await getMetrics();
  const [status, type, text] = metrics.ok
    ? [200, metrics.value.type, metrics.value.text]
    : [503, 'text/plain; charset=utf-8', `${metrics.error}\n`];
  return new Response(text, { status, headers: { 'Content-Type': type } });
});
