import { planSchema } from '@/lib/server/plans/plan-schema';

export function GET(): Response {
  return Response.json(planSchema(), { headers: { 'Content-Type': 'application/schema+json' } });
}
