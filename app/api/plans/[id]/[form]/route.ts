import { exportPlan } from '@/lib/server/plans/export-plan';

type Context = { readonly params: Promise<{ id: string; form: string }> };

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { id, form } = await params;
  const made = await exportPlan(id, form);
  if (!made.ok) return Response.json(made.error, { status: 404 });
  const { text, type, fileName } = made.value;
  return new Response(text, {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${fileName}"` },
  });
}
