import { sandboxFileMax } from '@/lib/input/import-limits';
import { file, importRoute, route } from '@/lib/server/route';
import { exportSandboxData } from '@/lib/server/sandbox/export-sandbox-data';
import { importSandboxData } from '@/lib/server/sandbox/import-sandbox-data';

export const GET = route(async () => {
  const data = await exportSandboxData();
  return data.ok
    ? file(data.value.json, 'application/json', data.value.fileName)
    : Response.json(data.error, { status: 503 });
});

export const PUT = importRoute(sandboxFileMax, importSandboxData);
