import { sandboxFileMax } from '@/lib/import-limits';
import { exportSandboxData } from '@/lib/server/export-world';
import { importRoute } from '@/lib/server/import-route';
import { importSandboxData } from '@/lib/server/import-sandbox-data';

export async function GET(): Promise<Response> {
  const world = await exportSandboxData();
  if (!world.ok) return Response.json(world.error, { status: 503 });
  return new Response(world.value.json, {
    headers: {
      'Content-Type': 'application/json',
      'Content-Disposition': `attachment; filename="${world.value.fileName}"`,
    },
  });
}

export const PUT = importRoute(sandboxFileMax, importSandboxData);
