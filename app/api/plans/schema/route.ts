import { getPlanSchema } from '@/lib/server/plans/get-plan-schema';
import { route } from '@/lib/server/route';

export const GET = route(async () =>
  Response.json(await getPlanSchema(), { headers: { 'Content-Type': 'application/schema+json' } }),
);
