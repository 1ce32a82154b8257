import { exportSwitchScript } from '@/lib/server/switches/export-switch-script';

type Context = { readonly params: Promise<{ id: string }> };

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  const script = await exportSwitchScript(id);
  if (!script.ok) return Response.json(script.error, { status: 409 });
  return new Response(script.value.text, {
    headers: {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Content-Disposition': `attachment; filename="${script.value.fileName}"`,
    },
  });
}
