import { ofConnection } from '@/lib/server/connections/of-connection';
import { listEstateChanges } from '@/lib/server/estate/estate-changes';
import { instantParam } from '@/lib/server/instant-param';

/** The default window: changes of the last day. */
const dayMs = 86_400_000;

export const GET = ofConnection(async (id, query) => {
  const to = instantParam(query, 'to');
  if (!to.ok) return Response.json({ error: to.error }, { status: 400 });
  const from = instantParam(query, 'from');
  if (!from.ok) return Response.json({ error: from.error }, { status: 400 });
  const end = to.value ?? new Date();
  return listEstateChanges(id, from.value ?? new Date(end.getTime() - dayMs), end);
});
