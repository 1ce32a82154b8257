import { checkClock } from '@/lib/server/plans/check-clock';

export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params;
  const checked = await checkClock(id, new URL(request.url).searchParams);
  return checked.ok ? Response.json(checked.value) : Response.json(checked.error, { status: 404 });
}
