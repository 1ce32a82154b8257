import type { Logger } from 'pino';
import { createFolders, type Folders, removeFolders } from './folders';
import type { Call, FunctionProcess } from './function-process';
import { type FunctionCode, type Invocation, unrun } from './invocation';
import type { Launcher } from './launcher';
import { unpackCode } from './unpack-code';

/** Largest answer of a synchronous call, in bytes (the runtime writes ASCII): https://www.tencentcloud.com/document/product/583/11637 */
const ANSWER_MAX = 6 * 1024 * 1024;
const EVENT_MAX = 6 * 1024 * 1024;
/** A function may keep 512 MB in /tmp, same page. */
const FILE_MB = 512;
const PROCESSES_MAX = 64;

export type PoolLimits = {
  readonly log: Logger;
  readonly perFunction: number;
  readonly total: number;
  readonly queue: number;
  readonly idleMs: number;
};

type Waiter = { readonly call: Call; readonly resolve: (invocation: Invocation) => void };
type Member = {
  process: FunctionProcess | null;
  readonly slot: number;
  busy: boolean;
  reaper: NodeJS.Timeout | null;
};
type Pool = {
  readonly launcher: Launcher;
  readonly code: FunctionCode;
  readonly folders: Promise<{ folders: Folders; refused: string | null }>;
  readonly members: Set<Member>;
  readonly waiters: Waiter[];
  retired: boolean;
};

export type Pools = {
  invoke(launcher: Launcher, code: FunctionCode, call: Call): Promise<Invocation>;
  stop(): Promise<void>;
};

/**
 * Keeps the processes of functions: one pool per version, one call at a time per process, a new process while calls
 * wait and there is room, idle ones ended after a while or when another function needs the room.
 * When the code of a version changes (`$LATEST`) its pool is replaced; calls under way end on the old code.
 */
export function createPools(limits: PoolLimits): Pools {
  const pools = new Map<string, Pool>();
  const slots = new Set<number>();
  const endings = new Set<Promise<void>>();
  let stopped = false;

  function poolOf(launcher: Launcher, code: FunctionCode): Pool {
    const key = `${code.uin}/${code.region}/${code.namespace}/${code.name}/${code.version}`;
    const known = pools.get(key);
    if (known && sameCode(known.code, code)) return known;
    const fresh: Pool = {
      launcher,
      code,
      folders: prepare(code),
      members: new Set(),
      waiters: known?.waiters.splice(0) ?? [],
      retired: false,
    };
    pools.set(key, fresh);
    if (known) retire(known);
    return fresh;
  }

  function retire(pool: Pool): void {
    pool.retired = true;
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

  /** Takes a member out; its user id is free again only when its process is gone. */
  function end(pool: Pool, member: Member): void {
    if (!pool.members.delete(member)) return;
    if (member.reaper) clearTimeout(member.reaper);
    const { process } = member;
    process?.kill();
    track(
      (process?.exited ?? Promise.resolve()).then(() => {
        slots.delete(member.slot);
        clean(pool);
        pump();
      }),
    );
  }

  /** Gives waiting calls to idle processes, and starts processes for the rest while there is room. */
  function pump(): void {
    if (stopped) return;
    for (const pool of pools.values()) {
      for (const member of pool.members) {
        if (member.busy) continue;
        const waiter = pool.waiters.shift();
        if (waiter === undefined) break;
        track(serve(pool, member, waiter));
      }
      while (pool.waiters.length > 0 && pool.members.size < limits.perFunction) {
        const slot = freeSlot();
        if (slot === null) {
          evictIdle();
          break;
        }
        const waiter = pool.waiters.shift();
        if (waiter === undefined) break;
        slots.add(slot);
        const member: Member = { process: null, slot, busy: true, reaper: null };
        pool.members.add(member);
        track(serve(pool, member, waiter));
      }
    }
  }

  function freeSlot(): number | null {
    for (let slot = 0; slot < limits.total; slot += 1) if (!slots.has(slot)) return slot;
    return null;
  }

  function evictIdle(): void {
    for (const pool of pools.values()) {
      const idle = [...pool.members].find((member) => !member.busy);
      if (idle) {
        end(pool, idle);
        return;
      }
    }
  }

  async function serve(pool: Pool, member: Member, { call, resolve }: Waiter): Promise<void> {
    member.busy = true;
    if (member.reaper) clearTimeout(member.reaper);
    try {
      resolve(await runOn(pool, member, call));
    } catch (error) {
      limits.log.error({ err: error, function: pool.code.name }, 'the sandbox failed to run a function');
      resolve(
        unrun({ kind: 'noRuntime', message: `The sandbox failed to run the function: ${String(error)}` }),
      );
    }
    member.busy = false;
    if (pool.retired || stopped || !member.process?.alive) return end(pool, member);
    member.reaper = setTimeout(() => end(pool, member), limits.idleMs);
    member.reaper.unref();
    pump();
  }

  async function runOn(pool: Pool, member: Member, call: Call): Promise<Invocation> {
    const { code, launcher } = pool;
    const coldStart = member.process === null;
    if (member.process === null) {
      const { folders, refused } = await pool.folders;
      if (refused !== null) return unrun({ kind: 'userError', message: refused });
      const log = limits.log.child({ function: `${code.namespace}/${code.name}`, version: code.version });
      const started = await launcher.launch(folders, setupOf(code), member.slot, log);
      if (typeof started === 'string') return unrun({ kind: 'exited', detail: started });
      member.process = started;
      if (stopped) started.kill();
    }
    const begun = performance.now();
    const result = await member.process.call(call, code);
    return { result, coldStart, durationMs: performance.now() - begun, memoryMb: 0, log: '' };
  }

  return {
    invoke(launcher, code, call) {
      if (stopped) return Promise.resolve(unrun({ kind: 'noRuntime', message: 'The sandbox is stopping' }));
      if (Buffer.byteLength(JSON.stringify(call.event)) > EVENT_MAX)
        return Promise.resolve(unrun({ kind: 'eventTooLarge' }));
      const pool = poolOf(launcher, code);
      if (pool.waiters.length >= limits.queue) return Promise.resolve(unrun({ kind: 'throttled' }));
      return new Promise((resolve) => {
        pool.waiters.push({ call, resolve });
        pump();
      });
    },
    async stop() {
      stopped = true;
      for (const pool of pools.values()) {
        for (const waiter of pool.waiters.splice(0))
          waiter.resolve(unrun({ kind: 'exited', detail: 'the sandbox stopped' }));
        for (const member of pool.members) member.process?.kill();
        retire(pool);
      }
      pools.clear();
      while (endings.size > 0) await Promise.all(endings);
    },
  };
}

async function prepare(code: FunctionCode): Promise<{ folders: Folders; refused: string | null }> {
  const folders = await createFolders();
  const unpacked = await unpackCode(code.zip, folders.code);
  return { folders, refused: unpacked.ok ? null : unpacked.error };
}

function setupOf(code: FunctionCode) {
  return {
    handler: code.handler,
    memoryMb: code.memoryMb,
    fileMb: FILE_MB,
    processes: PROCESSES_MAX,
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
    JSON.stringify(a.environment) === JSON.stringify(b.environment)
  );
}
