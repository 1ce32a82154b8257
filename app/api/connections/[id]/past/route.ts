import { estateAt } from '@/lib/server/estate-at';
import { instantParam } from '@/lib/server/instant-param';
import { findConnection } from '@/lib/server/list-connections';

type Context = { readonly params: Promise<{ id: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  if ((await findConnection(id)) === null)
    return Response.json({ error: 'connection.gone' }, { status: 404 });
  const at = instantParam(new URL(request.url).searchParams, 'at');
  if (!at.ok) return Response.json({ error: at.error }, { status: 400 });
  return Response.json(await estateAt(id, at.value ?? new Date()));
}
