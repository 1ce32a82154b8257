import { findConnection } from '@/lib/server/connections/list-connections';
import { exportBindings } from '@/lib/server/estate/export-bindings';

type Context = { readonly params: Promise<{ id: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  if ((await findConnection(id)) === null)
    return Response.json({ error: 'connection.gone' }, { status: 404 });
  const file = await exportBindings(id, new URL(request.url).searchParams);
  if (file === null) return Response.json({ error: 'estate.never' }, { status: 409 });
  return new Response(file.text, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${file.fileName}"`,
    },
  });
}
