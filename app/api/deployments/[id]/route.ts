import { getDeployment } from '@/lib/server/functions/get-deployment';

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const deployment = await getDeployment((await params).id);
  return deployment
    ? Response.json(deployment)
    : Response.json({ error: 'deployment.gone' }, { status: 404 });
}
