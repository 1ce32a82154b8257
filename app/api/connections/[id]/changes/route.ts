import { estateChanges } from '@/lib/server/estate-changes';
import { instantParam } from '@/lib/server/instant-param';
import { findConnection } from '@/lib/server/list-connections';

type Context = { readonly params: Promise<{ id: string }> };

/** Where nothing else is asked for: what changed within a day. */
const dayMs = 86_400_000;

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  if ((await findConnection(id)) === null)
    return Response.json({ error: 'connection.gone' }, { status: 404 });
  const { searchParams } = new URL(request.url);
  const to = instantParam(searchParams, 'to');
  if (!to.ok) return Response.json({ error: to.error }, { status: 400 });
  const from = instantParam(searchParams, 'from');
  if (!from.ok) return Response.json({ error: from.error }, { status: 400 });
  const end = to.value ?? new Date();
  return Response.json(await estateChanges(id, from.value ?? new Date(end.getTime() - dayMs), end));
}
