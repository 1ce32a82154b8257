import { route } from '@/lib/server/route';
import { readSandbox } from '@/lib/server/sandbox/read-sandbox';

export const GET = route(async () => {
  const sandbox = await readSandbox();
  return sandbox.ok ? sandbox.value : Response.json(sandbox.error, { status: 503 });
});
