import type { Logger } from 'pino';
import type { FunctionInvocation } from '../world/invoker';
import { type Folders, removeFolders } from './jail/folders';
import type { FunctionProcess } from './runtimes/function-process';
import type { Call } from './runtimes/function-protocol';
import { type FunctionCode, unrun } from './runtimes/invocation';
import type { Launcher } from './runtimes/launcher';
import { unpackCode } from './runtimes/unpack-code';

/** The largest response of a synchronous call, in bytes: https://www.tencentcloud.com/document/product/583/11637 */
const ANSWER_MAX = 6 * 1024 * 1024;

export type PoolLimits = {
  readonly log: Logger;
  readonly perFunction: number;
  readonly total: number;
  readonly queue: number;
  /** The first of as many user ids as there may be processes. */
  readonly firstUid: Promise<number>;
  /** Read each time. */
  readonly idleMs: () => number;
};

/** A call, and an additional wait if a process is started for it. */
export type PoolCall = Call & { readonly coldStart: () => Promise<void> };

/** The number of processes of a version to keep ready, whether calls arrive or not. */
export type WarmWish = { readonly launcher: Launcher; readonly code: FunctionCode; readonly count: number };

type Waiter = { readonly call: PoolCall; readonly resolve: (invocation: FunctionInvocation) => void };
type Member = {
  process: FunctionProcess | null;
  readonly slot: number;
  busy: boolean;
  reaper: NodeJS.Timeout | null;
};
type Pool = {
  readonly key: string;
  readonly launcher: Launcher;
  readonly code: FunctionCode;
  readonly folders: Promise<{ folders: Folders; refused: string | null }>;
  readonly members: Set<Member>;
  readonly waiters: Waiter[];
  /** The number of processes to keep ready. */
  warm: number;
  /** True if one of those did not start: with the same code the next one won't either. */
  warmFailed: boolean;
  retired: boolean;
};

export type Pools = {
  invoke(launcher: Launcher, code: FunctionCode, call: PoolCall): Promise<FunctionInvocation>;
  /** Starts the missing processes, and stops keeping those that are no longer wanted. */
  keepWarm(wishes: readonly WarmWish[]): void;
  stop(): Promise<void>;
};

/**
 * Manages the processes of functions: one pool per version, one call at a time per process, a new process while calls
 * wait and capacity allows, idle ones ended after a while or when another function needs the capacity. When the code of
 * a version changes (`$LATEST`) its pool is replaced; running calls finish on the old code.
 */
export function createPools(limits: PoolLimits): Pools {
  const pools = new Map<string, Pool>();
  const slots = new Set<number>();
  const endings = new Set<Promise<void>>();
  /** Processes that are being ended: each frees capacity soon. */
  let leaving = 0;
  let stopped = false;

  function getPool(launcher: Launcher, code: FunctionCode): Pool {
    const key = `${code.uin}/${code.region}/${code.namespace}/${code.name}/${code.version}`;
    const known = pools.get(key);
    if (known && sameCode(known.code, code)) return known;
    const fresh: Pool = {
      key,
      launcher,
      code,
      folders: prepare(launcher, code),
      members: new Set(),
      waiters: known?.waiters.splice(0) ?? [],
      warm: 0,
      warmFailed: false,
      retired: false,
    };
    pools.set(key, fresh);
    if (known) retire(known);
    return fresh;
  }

  function retire(pool: Pool): void {
    pool.retired = true;
    pool.warm = 0;
    if (pools.get(pool.key) === pool) pools.delete(pool.key);
    for (const member of pool.members) if (!member.busy) end(pool, member);
    clean(pool);
  }

  function clean(pool: Pool): void {
    if (pool.retired && pool.members.size === 0) {
      track(pool.folders.then(({ folders }) => removeFolders(folders)));
    }
  }

  function track(ending: Promise<void>): void {
    const tracked: Promise<void> = ending.finally(() => endings.delete(tracked));
    endings.add(tracked);
  }

  /** Removes a member; its user id is free again only when its process has ended. */
  function end(pool: Pool, member: Member): void {
    if (!pool.members.delete(member)) return;
    if (member.reaper) clearTimeout(member.reaper);
    const { process } = member;
    process?.kill();
    leaving += 1;
    track(
      (process?.exited ?? Promise.resolve()).then(() => {
        leaving -= 1;
        slots.delete(member.slot);
        if (pool.members.size === 0 && pool.waiters.length === 0 && pool.warm === 0) retire(pool);
        pump();
      }),
    );
  }

  /** Assigns waiting calls to idle processes, and starts processes for the rest while capacity allows. */
  function pump(): void {
    if (stopped) return;
    let short = 0;
    for (const pool of pools.values()) {
      for (const member of pool.members) {
        if (pool.waiters.length === 0) break;
        if (!member.busy) take(pool, member);
      }
      while (pool.waiters.length > 0 && pool.members.size < limits.perFunction) {
        const member = addMember(pool);
        if (member === null) {
          short += Math.min(pool.waiters.length, limits.perFunction - pool.members.size);
          break;
        }
        take(pool, member);
      }
      while (pool.members.size < pool.warm && !pool.warmFailed) {
        const member = addMember(pool);
        if (member === null) break;
        track(warmUp(pool, member));
      }
    }
    while (leaving < short && evictIdle());
  }

  function take(pool: Pool, member: Member): void {
    const waiter = pool.waiters.shift();
    if (waiter !== undefined) track(serve(pool, member, waiter));
  }

  function addMember(pool: Pool): Member | null {
    for (let slot = 0; slot < limits.total; slot += 1) {
      if (slots.has(slot)) continue;
      slots.add(slot);
      const member: Member = { process: null, slot, busy: true, reaper: null };
      pool.members.add(member);
      return member;
    }
    return null;
  }

  /**
   * Ends an idle process; those that are kept warm go last.
   * @returns whether there was one
   */
  function evictIdle(): boolean {
    const all = [...pools.values()];
    for (const pool of [...all.filter(({ members, warm }) => members.size > warm), ...all]) {
      const idle = [...pool.members].find((member) => !member.busy);
      if (idle) {
        end(pool, idle);
        return true;
      }
    }
    return false;
  }

  async function serve(pool: Pool, member: Member, { call, resolve }: Waiter): Promise<void> {
    member.busy = true;
    if (member.reaper) clearTimeout(member.reaper);
    let invocation: FunctionInvocation;
    try {
      invocation = await runOn(pool, member, call);
    } catch (error) {
      limits.log.error({ err: error, function: pool.code.name }, 'the sandbox failed to run a function');
      const message = `The sandbox failed to run the function: ${String(error)}`;
      invocation = unrun({ kind: 'noRuntime', message });
    }
    rest(pool, member);
    resolve(invocation);
  }

  /** Decides what a process does after a call: it takes the next one, waits for one for a while, or has ended. */
  function rest(pool: Pool, member: Member): void {
    member.busy = false;
    if (pool.retired || stopped || !member.process?.alive || isNeededElsewhere(pool)) {
      end(pool, member);
    } else if (pool.waiters.length > 0) {
      take(pool, member);
    } else {
      reapLater(pool, member);
    }
  }

  /**
   * Returns true if a version without any process waits, and there is no capacity: those that have some must free it.
   */
  function isNeededElsewhere(pool: Pool): boolean {
    if (slots.size < limits.total) return false;
    return [...pools.values()].some(
      (other) => other !== pool && other.waiters.length > 0 && other.members.size === 0,
    );
  }

  function reapLater(pool: Pool, member: Member): void {
    const reap = () => {
      if (pool.members.size > pool.warm) end(pool, member);
      else reapLater(pool, member);
    };
    member.reaper = setTimeout(reap, limits.idleMs()).unref();
  }

  async function runOn(pool: Pool, member: Member, call: PoolCall): Promise<FunctionInvocation> {
    const { code } = pool;
    if (member.process !== null) return { ...(await member.process.call(call, code)), coldStart: false };
    const started = await startFor(pool, member);
    if ('result' in started) return started;
    await Promise.race([call.coldStart(), started.exited]);
    return { ...(await started.call(call, code)), coldStart: true };
  }

  /** Returns a process with the code loaded, or its failure. */
  async function startFor(pool: Pool, member: Member): Promise<FunctionProcess | FunctionInvocation> {
    const { code, launcher } = pool;
    const { folders, refused } = await pool.folders;
    if (refused !== null) return unrun({ kind: 'userError', message: refused });
    const log = limits.log.child({ function: `${code.namespace}/${code.name}`, version: code.version });
    const group = await limits.firstUid;
    const started = await launcher.launch({
      folders,
      setup: buildSetup(code),
      log,
      user: { uid: group + member.slot, group },
    });
    if (typeof started === 'string') return unrun({ kind: 'exited', detail: started });
    member.process = started;
    if (stopped) started.kill();
    const failed = await started.load(code);
    if (failed !== null) return { ...failed, coldStart: true };
    // One that ends on its own between calls frees its capacity at once.
    void started.exited.then(() => {
      if (!member.busy) end(pool, member);
    });
    return started;
  }

  async function warmUp(pool: Pool, member: Member): Promise<void> {
    const started = await startFor(pool, member);
    if ('result' in started) {
      pool.warmFailed = true;
      const { result, log } = started;
      limits.log.warn(
        { function: pool.code.name, result, output: log },
        'a provisioned instance did not start',
      );
    } else {
      started.forgetOutput();
    }
    rest(pool, member);
  }

  return {
    invoke(launcher, code, call) {
      if (stopped) return Promise.resolve(unrun({ kind: 'noRuntime', message: 'The sandbox is stopping' }));
      const pool = getPool(launcher, code);
      if (pool.waiters.length >= limits.queue) return Promise.resolve(unrun({ kind: 'throttled' }));
      return new Promise((resolve) => {
        pool.waiters.push({ call, resolve });
        pump();
      });
    },
    keepWarm(wishes) {
      if (stopped) return;
      const wished = new Map(
        wishes.map(({ launcher, code, count }) => [
          getPool(launcher, code),
          Math.min(count, limits.perFunction),
        ]),
      );
      for (const pool of pools.values()) pool.warm = wished.get(pool) ?? 0;
      pump();
    },
    async stop() {
      stopped = true;
      for (const pool of [...pools.values()]) {
        for (const waiter of pool.waiters.splice(0))
          waiter.resolve(unrun({ kind: 'exited', detail: 'the sandbox stopped' }));
        for (const member of pool.members) member.process?.kill();
        retire(pool);
      }
      while (endings.size > 0) await Promise.all(endings);
    },
  };
}

async function prepare(
  launcher: Launcher,
  code: FunctionCode,
): Promise<{ folders: Folders; refused: string | null }> {
  const folders = await launcher.createFolders();
  const unpacked = await unpackCode(code.zip, folders.code);
  return { folders, refused: unpacked.ok ? null : unpacked.error };
}

function buildSetup(code: FunctionCode) {
  return {
    handler: code.handler,
    memoryMb: code.memoryMb,
    answerMax: ANSWER_MAX,
    environment: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      ...code.environment,
      SCF_RUNTIME: code.runtime,
      SCF_NAMESPACE: code.namespace,
      SCF_FUNCTIONNAME: code.name,
      SCF_FUNCTIONVERSION: code.version,
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: code.region,
    },
  };
}

function sameCode(a: FunctionCode, b: FunctionCode): boolean {
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
