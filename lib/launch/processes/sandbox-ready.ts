import { z } from 'zod';
import type { ProcessOutput } from './supervise';

/** The single JSON line that a sandbox prints when it is ready; the remaining fields are for the worker. */
const SandboxReady = z.object({
  api: z.url(),
  dns: z.string(),
  /** The address of a caching resolver in front of that name server. */
  resolver: z.string(),
  vipNetwork: z.string(),
  /** Added to a listener's port if the port itself can't be bound; 0 if it can. */
  portOffset: z.int(),
  /** `shared`: this system does not route VIPs to loopback; the control API lists the addresses to use instead. */
  addressMode: z.enum(['each', 'shared']),
  /** The isolation of functions from the app. */
  isolation: z.enum(['jail', 'user', 'weak']),
  weakerBecause: z.string().nullable(),
  /** If true, functions that are not jailed do not run. */
  jailOnly: z.boolean(),
  systemCalls: z.enum(['filtered', 'open']),
  totalMemory: z.enum(['cgroup', 'watched', 'each']),
  /** True if Python functions run on Pyodide, because there is no python3. */
  pyodide: z.boolean(),
  /** The control API. */
  control: z.object({ url: z.url(), token: z.string() }).nullable(),
});
export type SandboxReady = z.infer<typeof SandboxReady> & {
  /** The line as received: it contains keys and is passed only to the worker. */
  readonly line: string;
};

/** @returns the parsed ready line, or undefined for any other line */
export function sandboxReady(output: ProcessOutput): SandboxReady | undefined {
  if (output.kind !== 'line' || output.from !== 'stdout' || !output.line.startsWith('{"api"'))
    return undefined;
  return read(output.line);
}

const NewAccounts = z.object({ type: z.literal('accounts'), line: z.string() });

/** @returns a sandbox's new ready line after its data, and with it accounts and keys, was replaced */
export function newAccounts(message: unknown): SandboxReady | undefined {
  const parsed = NewAccounts.safeParse(message);
  return parsed.success ? read(parsed.data.line) : undefined;
}

function read(line: string): SandboxReady {
  return { ...SandboxReady.parse(JSON.parse(line)), line };
}

/** The parts of a sandbox's line that a worker uses; its control API only if addresses must be looked up there. */
const ForWorker = z.object({
  api: z.string(),
  dns: z.string(),
  portOffset: z.number(),
  addressMode: z.string(),
  authority: z.string(),
  isolation: z.string(),
  accounts: z.array(z.unknown()),
  control: z.unknown(),
});

/**
 * Returns whether a worker must be restarted for a new ready line: parts that it doesn't use, such as tokens, differ at
 * each start and are ignored.
 */
export function differsForWorker(known: string | undefined, line: string): boolean {
  if (known === undefined) return true;
  const [before, now] = [known, line].map((text) => {
    const { control, ...facts } = ForWorker.parse(JSON.parse(text));
    return JSON.stringify(facts.addressMode === 'shared' ? { ...facts, control } : facts);
  });
  return before !== now;
}
