import { sandboxFileMax } from '@/lib/input/import-limits';
import { importRoute } from '@/lib/server/import-route';
import { exportSandboxData } from '@/lib/server/sandbox/export-sandbox-data';
import { importSandboxData } from '@/lib/server/sandbox/import-sandbox-data';

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
