import { z } from 'zod';
import type { Said } from './supervise';

/** The one JSON line that a sandbox prints when it can be used; the rest of it is for the worker. */
const SandboxReady = z.object({
  api: z.url(),
  dns: z.string(),
  vipNetwork: z.string(),
  /** Added to a listener's port where the port itself can't be had; 0 where it can. */
  portOffset: z.int(),
  /** How well functions are kept apart from the app. */
  isolation: z.enum(['jail', 'user', 'weak']),
});
export type SandboxReady = z.infer<typeof SandboxReady> & {
  /** The line as it came: it holds keys, and goes to the worker only. */
  readonly line: string;
};

/** @returns what the sandbox said about itself, when this is that line */
export function sandboxReady(said: Said): SandboxReady | undefined {
  if (said.kind !== 'line' || said.from !== 'stdout' || !said.line.startsWith('{"api"')) return undefined;
  return { ...SandboxReady.parse(JSON.parse(said.line)), line: said.line };
}
