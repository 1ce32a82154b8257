import 'server-only';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ActionError } from '@/lib/client/views';
import { ok, type Result } from '@/lib/result';
import { serverContext } from './context';
import { refuse } from './refusal';

const Door = z
  .object({ url: z.url(), token: z.string(), addressMode: z.enum(['each', 'shared']).default('each') })
  .nullable();
const Refusal = z.object({ error: z.string() });

/** Where the sandbox's control door is, as the launcher wrote it down; null where there is no sandbox or no door. */
async function findDoor(): Promise<z.infer<typeof Door>> {
  const { settings } = await serverContext();
  const file = settings.SPILLWAY_SANDBOX_CONTROL;
  if (file === undefined) return null;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    // Where no sandbox has started yet, nothing was written down.
    return null;
  }
  return Door.parse(JSON.parse(text));
}

/** Milliseconds: the longest that an answer may take; a world of tens of megabytes takes seconds. */
const patienceMs = 30_000;

/** What kept the answer away: `fetch` itself says no more than that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** What the door said of an order that it refused; the text itself where that is not in its form. */
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
 * Where each `VIP:port` of the sandbox answers, on a system that has no address for each VIP; null elsewhere, and while
 * the sandbox does not say.
 */
export async function sandboxDial(): Promise<Readonly<Record<string, string>> | null> {
  if ((await findDoor())?.addressMode !== 'shared') return null;
  const answer = await askDoor('GET', '/addresses');
  if (!answer.ok) return null;
  const { addresses } = Addresses.parse(JSON.parse(answer.value));
  return Object.fromEntries(
    addresses.map(({ vip, port, host, realPort }) => [`${vip}:${port}`, `${host}:${realPort}`]),
  );
}

/**
 * Asks the sandbox's control door. It is no cloud and knows no cloud's key: a dashboard that was broken into could
 * upset a rehearsal, and nothing real.
 * @param body JSON text; undefined for none
 * @returns the answer's text, or why there is none: the door's own words, or that it can't be reached
 */
export async function askDoor(
  method: string,
  path: string,
  body?: string,
): Promise<Result<string, ActionError>> {
  const door = await findDoor();
  if (door === null) return refuse('sandbox.none');
  try {
    const response = await fetch(`${door.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${door.token}` },
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return response.ok ? ok(text) : refuse('sandbox.refused', { reason: refusalIn(text) });
  } catch (error) {
    return refuse('sandbox.away', { reason: reasonOf(error) });
  }
}
