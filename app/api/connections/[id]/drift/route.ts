import { getDrift } from '@/lib/server/get-drift';
import { findConnection } from '@/lib/server/list-connections';

type Context = { readonly params: Promise<{ id: string }> };

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  if ((await findConnection(id)) === null)
    return Response.json({ error: 'connection.gone' }, { status: 404 });
  return Response.json(await getDrift(id));
}
