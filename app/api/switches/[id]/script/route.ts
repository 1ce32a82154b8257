import { file, route } from '@/lib/server/route';
import { exportSwitchScript } from '@/lib/server/switches/export-switch-script';

export const GET = route<{ id: string }>(async ({ id }) => {
  const script = await exportSwitchScript(id);
  return script.ok
    ? file(script.value.text, 'text/javascript; charset=utf-8', script.value.fileName)
    : Response.json(script.error, { status: 409 });
});
