import { checkClock } from '@/lib/server/plans/check-clock';
import { route } from '@/lib/server/route';

export const GET = route<{ id: string }>(async ({ id, params }) => {
  const checked = await checkClock({ planId: id, params });
  return checked.ok ? checked.value : Response.json(checked.error, { status: 404 });
});
