import { route } from '@/lib/server/route';
import { getSandbox } from '@/lib/server/sandbox/get-sandbox';

export const GET = route(async () => {
  const sandbox = await getSandbox();
  return sandbox.ok ? sandbox.value : Response.json(sandbox.error, { status: 503 });
});
