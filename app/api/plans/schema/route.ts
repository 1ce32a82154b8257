import { planSchema } from '@/lib/server/plan-schema';

export function GET(): Response {
  return Response.json(planSchema(), { headers: { 'Content-Type': 'application/schema+json' } });
}
