import { ofConnection } from '@/lib/server/connections/of-connection';
import { estateAt } from '@/lib/server/estate/estate-at';
import { instantParam } from '@/lib/server/instant-param';

export const GET = ofConnection(async (id, query) => {
  const at = instantParam(query, 'at');
  if (!at.ok) return Response.json({ error: at.error }, { status: 400 });
  return estateAt(id, at.value ?? new Date());
});
