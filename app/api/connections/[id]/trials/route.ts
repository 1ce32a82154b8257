import { getTrials } from '@/lib/server/get-trials';
import { findConnection } from '@/lib/server/list-connections';

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params;
  if ((await findConnection(id)) === null)
    return Response.json({ error: 'connection.gone' }, { status: 404 });
  return Response.json(await getTrials(id));
}
