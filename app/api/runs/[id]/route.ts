import { getRun } from '@/lib/server/runs/get-run';

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const run = await getRun((await params).id);
  return run ? Response.json(run) : Response.json({ error: 'run.gone' }, { status: 404 });
}
