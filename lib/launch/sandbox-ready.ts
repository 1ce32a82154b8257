import { z } from 'zod';
import type { Said } from './supervise';

/** The one JSON line that a sandbox prints when it can be used; the rest of it is for the worker. */
const SandboxReady = z.object({
  api: z.url(),
  dns: z.string(),
  /** Of a resolver with a cache before that name server. */
  resolver: z.string(),
  vipNetwork: z.string(),
  /** Added to a listener's port where the port itself can't be had; 0 where it can. */
  portOffset: z.int(),
  /** `shared`: VIPs don't answer on this system; its control door tells what does. */
  addressMode: z.enum(['each', 'shared']),
  /** How well functions are kept apart from the app. */
  isolation: z.enum(['jail', 'user', 'weak']),
  weakerBecause: z.string().nullable(),
  /** Those that are not jailed do not run. */
  jailOnly: z.boolean(),
  systemCalls: z.enum(['filtered', 'open']),
  totalMemory: z.enum(['cgroup', 'watched', 'each']),
  /** Whether Python functions run on Pyodide, for want of a python3. */
  pyodide: z.boolean(),
  /** Its control door. */
  control: z.object({ url: z.url(), token: z.string() }).nullable(),
});
export type SandboxReady = z.infer<typeof SandboxReady> & {
  /** The line as it came: it holds keys, and goes to the worker only. */
  readonly line: string;
};

/** @returns what the sandbox said about itself, when this is that line */
export function sandboxReady(said: Said): SandboxReady | undefined {
  if (said.kind !== 'line' || said.from !== 'stdout' || !said.line.startsWith('{"api"')) return undefined;
  return read(said.line);
}

const NewAccounts = z.object({ type: z.literal('accounts'), line: z.string() });

/** @returns what a sandbox says of itself anew: another world has come, with other accounts and keys */
export function newAccounts(message: unknown): SandboxReady | undefined {
  const parsed = NewAccounts.safeParse(message);
  return parsed.success ? read(parsed.data.line) : undefined;
}

function read(line: string): SandboxReady {
  return { ...SandboxReady.parse(JSON.parse(line)), line };
}

/** What of a sandbox's line a worker goes by; its control API only where its addresses are asked for there. */
const ForWorker = z.object({
  ...{ api: z.string(), dns: z.string(), portOffset: z.number(), addressMode: z.string() },
  ...{ authority: z.string(), isolation: z.string(), accounts: z.array(z.unknown()), control: z.unknown() },
});

/** Returns whether a worker that was started with one line of a sandbox needs to be told the other: the rest of a line, such as tokens, is drawn at each start. */
export function differsForWorker(known: string | undefined, line: string): boolean {
  if (known === undefined) return true;
  const [before, now] = [known, line].map((text) => {
    const { control, ...facts } = ForWorker.parse(JSON.parse(text));
    return JSON.stringify(facts.addressMode === 'shared' ? { ...facts, control } : facts);
  });
  return before !== now;
}
