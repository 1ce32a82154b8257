import { readSandbox } from '@/lib/server/sandbox/read-sandbox';

export async function GET(): Promise<Response> {
  const sandbox = await readSandbox();
  return sandbox.ok ? Response.json(sandbox.value) : Response.json(sandbox.error, { status: 503 });
}
