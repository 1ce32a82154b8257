import 'server-only';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ActionError } from '@/lib/client/views';
import { err, ok, type Result } from '@/lib/result';
import { serverContext } from './context';
import { refuse } from './refusal';

const Door = z.object({ url: z.url(), token: z.string() }).nullable();
const Refusal = z.object({ error: z.string() });

/** Where the sandbox's control door is, as the launcher wrote it down; null where there is no sandbox or no door. */
async function findDoor(): Promise<z.infer<typeof Door>> {
  const { settings } = await serverContext();
  const file = settings.SPILLWAY_SANDBOX_CONTROL;
  if (file === undefined) return null;
  return Door.parse(JSON.parse(await readFile(file, 'utf8')));
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
  let response: Response;
  try {
    response = await fetch(`${door.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${door.token}` },
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    return refuse('sandbox.away', { reason: error instanceof Error ? error.message : String(error) });
  }
  const text = await response.text();
  if (response.ok) return ok(text);
  const said = Refusal.safeParse(JSON.parse(text));
  return err({
    fields: {},
    form: { message: 'sandbox.refused', values: { reason: said.success ? said.data.error : text } },
  });
}
