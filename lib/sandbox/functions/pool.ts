import type { FunctionInvocation } from '../world/invoker';
import type { Folders } from './jail/folders';
import type { FunctionProcess } from './runtimes/function-process';
import type { Call } from './runtimes/function-protocol';
import type { FunctionCode } from './runtimes/invocation';
import type { Launcher } from './runtimes/launcher';

/** A call, and an additional wait if a process is started for it. */
export type PoolCall = Call & { readonly coldStart: () => Promise<void> };

export type Waiter = {
  readonly call: PoolCall;
  readonly resolve: (invocation: FunctionInvocation) => void;
};

/** The folders of a version with its code in them. */
export type CodeFolders = {
  readonly folders: Folders;
  /** The reason why the code can't be unpacked; null if it was. */
  readonly refused: string | null;
};

/** A place for one process, with its own user id. */
export type Member = {
  process: FunctionProcess | null;
  readonly slot: number;
  isBusy: boolean;
  reaper: NodeJS.Timeout | null;
};

/** The processes of one version, and the calls that wait for them. */
export type Pool = {
  readonly key: string;
  readonly launcher: Launcher;
  readonly code: FunctionCode;
  readonly folders: Promise<CodeFolders>;
  readonly members: Set<Member>;
  readonly waiters: Waiter[];
  /** The number of processes to keep ready. */
  warm: number;
  /** True if a process did not start: with the same code the next one won't start either. */
  hasWarmFailed: boolean;
  isRetired: boolean;
};

/** Returns the key of a version: it has one pool at a time. */
export function poolKey({ uin, region, namespace, name, version }: FunctionCode): string {
  return `${uin}/${region}/${namespace}/${name}/${version}`;
}

/** Returns true if processes with one code can serve calls of the other: `$LATEST` changes under its name. */
export function isSameCode(a: FunctionCode, b: FunctionCode): boolean {
  return (
    a.zip === b.zip &&
    a.handler === b.handler &&
    a.runtime === b.runtime &&
    a.memoryMb === b.memoryMb &&
    a.timeoutS === b.timeoutS &&
    a.initTimeoutS === b.initTimeoutS &&
    JSON.stringify(a.environment) === JSON.stringify(b.environment)
  );
}

/** Returns true if a pool is unused: it has no process, no call and none to keep ready. */
export function isUnused({ members, waiters, warm }: Pool): boolean {
  return members.size === 0 && waiters.length === 0 && warm === 0;
}

/** Returns an idle process to end in favour of another pool, or null; warm ones go last. */
export function findIdle(pools: readonly Pool[]): { readonly pool: Pool; readonly member: Member } | null {
  for (const pool of [...pools.filter(({ members, warm }) => members.size > warm), ...pools]) {
    const member = [...pool.members].find(({ isBusy }) => !isBusy);
    if (member) return { pool, member };
  }
  return null;
}

/**
 * Decides what a process does after a call: `end`, `take` the next call, or `idle`. While there is no capacity, a pool
 * with processes gives one up for a pool that waits and has none.
 */
export function nextOfMember(
  pool: Pool,
  { process }: Member,
  { pools, isFull }: { readonly pools: Iterable<Pool>; readonly isFull: boolean },
): 'end' | 'take' | 'idle' {
  if (pool.isRetired || !process?.alive) return 'end';
  const starves = ({ waiters, members }: Pool) => waiters.length > 0 && members.size === 0;
  if (isFull && [...pools].some((other) => other !== pool && starves(other))) return 'end';
  return pool.waiters.length > 0 ? 'take' : 'idle';
}
