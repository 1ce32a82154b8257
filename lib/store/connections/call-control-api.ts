import 'server-only';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { ok, type Result } from '@/lib/result';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';

const ControlApiAddress = z
  .object({ url: z.url(), token: z.string(), addressMode: z.enum(['each', 'shared']).default('each') })
  .nullable();
const Refusal = z.object({ error: z.string() });

/**
 * Returns the address of the sandbox's control API from the file that the launcher wrote; null if no sandbox or no
 * control API runs.
 */
async function findControlApi(): Promise<z.infer<typeof ControlApiAddress>> {
  const { settings } = await serverContext();
  const file = settings.SPILLWAY_SANDBOX_CONTROL;
  if (file === undefined) return null;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    // The file does not exist until a sandbox has started.
    return null;
  }
  return ControlApiAddress.parse(JSON.parse(text));
}

/** The maximum response time in milliseconds; sandbox data of tens of megabytes takes seconds. */
const patienceMs = 30_000;

/** Returns the cause of a missing response: `fetch` itself only reports that it failed. */
function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/**
 * Returns the control API's message about a command that it refused; the text itself if it is not in the expected form.
 */
function refusalIn(text: string): string {
  try {
    return Refusal.parse(JSON.parse(text)).error;
  } catch {
    return text;
  }
}

const Addresses = z.object({
  addresses: z.array(z.object({ vip: z.string(), port: z.number(), host: z.string(), realPort: z.number() })),
});

/**
 * Returns the address for each `VIP:port` of the sandbox, on a system that has no address for each VIP; null elsewhere,
 * and while the sandbox does not report it.
 */
export async function sandboxDial(): Promise<Readonly<Record<string, string>> | null> {
  if ((await findControlApi())?.addressMode !== 'shared') return null;
  const answer = await callControlApi('GET', '/addresses');
  if (!answer.ok) return null;
  const { addresses } = Addresses.parse(JSON.parse(answer.value));
  return Object.fromEntries(
    addresses.map(({ vip, port, host, realPort }) => [`${vip}:${port}`, `${host}:${realPort}`]),
  );
}

/**
 * Calls the sandbox's control API. The API holds no cloud key: a compromised dashboard could disrupt a rehearsal, but
 * nothing real.
 * @param body JSON text; undefined for none
 * @param withinMs the timeout
 * @returns the response's text, or the reason of the failure: the control API's own message, or that it is unreachable
 */
export async function callControlApi(
  method: string,
  path: string,
  body?: string,
  withinMs = patienceMs,
): Promise<Result<string, ActionError>> {
  const controlApi = await findControlApi();
  if (controlApi === null) return refuse('sandbox.none');
  try {
    const response = await fetch(`${controlApi.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${controlApi.token}` },
      signal: AbortSignal.timeout(withinMs),
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return response.ok ? ok(text) : refuse('sandbox.refused', { reason: refusalIn(text) });
  } catch (error) {
    return refuse('sandbox.away', { reason: failureReason(error) });
  }
}
