import type { Logger } from 'pino';
import type { FunctionInvocation } from '../world/invoker';
import { removeFolders } from './jail/folders';
import {
  findIdle,
  isSameCode,
  isUnused,
  type Member,
  nextOfMember,
  type Pool,
  type PoolCall,
  poolKey,
  type Waiter,
} from './pool';
import type { FunctionProcess } from './runtimes/function-process';
import { type FunctionCode, unrun } from './runtimes/invocation';
import type { Launcher } from './runtimes/launcher';
import { createCodeFolders, startMember } from './start-member';

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

/** The number of processes of a version to keep ready, even if no calls arrive. */
export type WarmTarget = { readonly launcher: Launcher; readonly code: FunctionCode; readonly count: number };

/**
 * Manages the processes of functions: one pool per version, one call at a time per process, a new process while calls
 * wait and capacity allows, idle ones ended after a while or when another function needs the capacity. When the code of
 * a version changes (`$LATEST`) its pool is replaced; running calls finish on the old code.
 */
export class Pools {
  readonly #limits: PoolLimits;
  readonly #pools = new Map<string, Pool>();
  readonly #slots = new Set<number>();
  /** Work in progress; `stop` waits for it. */
  readonly #tracked = new Set<Promise<void>>();
  /** Processes that are being ended: each frees capacity soon. */
  #ending = 0;
  #isStopped = false;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  /** Runs a call on the version's pool, after those that wait already; refuses it as throttled if too many do. */
  invoke(launcher: Launcher, code: FunctionCode, call: PoolCall): Promise<FunctionInvocation> {
    if (this.#isStopped) {
      return Promise.resolve(unrun({ kind: 'noRuntime', message: 'The sandbox is stopping' }));
    }
    const pool = this.#getPool(launcher, code);
    if (pool.waiters.length >= this.#limits.queue) return Promise.resolve(unrun({ kind: 'throttled' }));
    return new Promise((resolve) => {
      pool.waiters.push({ call, resolve });
      this.#assign();
    });
  }

  /** Starts the missing processes, and stops keeping those that are no longer requested. */
  keepWarm(wanted: readonly WarmTarget[]): void {
    if (this.#isStopped) return;
    const counts = new Map(
      wanted.map(({ launcher, code, count }) => [
        this.#getPool(launcher, code),
        Math.min(count, this.#limits.perFunction),
      ]),
    );
    for (const pool of this.#pools.values()) pool.warm = counts.get(pool) ?? 0;
    this.#assign();
  }

  /** Kills every process, and resolves when all have ended and their folders are removed. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const pool of [...this.#pools.values()]) {
      for (const waiter of pool.waiters.splice(0))
        waiter.resolve(unrun({ kind: 'exited', detail: 'the sandbox stopped' }));
      for (const member of pool.members) member.process?.kill();
      this.#retire(pool);
    }
    while (this.#tracked.size > 0) await Promise.all(this.#tracked);
  }

  #getPool(launcher: Launcher, code: FunctionCode): Pool {
    const key = poolKey(code);
    const known = this.#pools.get(key);
    if (known && isSameCode(known.code, code)) return known;
    const fresh: Pool = {
      key,
      launcher,
      code,
      folders: createCodeFolders(launcher, code),
      members: new Set(),
      waiters: known?.waiters.splice(0) ?? [],
      warm: 0,
      hasWarmFailed: false,
      isRetired: false,
    };
    this.#pools.set(key, fresh);
    if (known) this.#retire(known);
    return fresh;
  }

  #retire(pool: Pool): void {
    pool.isRetired = true;
    pool.warm = 0;
    if (this.#pools.get(pool.key) === pool) this.#pools.delete(pool.key);
    for (const member of pool.members) if (!member.isBusy) this.#end(pool, member);
    if (pool.members.size === 0) this.#track(pool.folders.then(({ folders }) => removeFolders(folders)));
  }

  #track(work: Promise<void>): void {
    const tracked: Promise<void> = work.finally(() => this.#tracked.delete(tracked));
    this.#tracked.add(tracked);
  }

  /** Assigns waiting calls to idle processes, and starts processes for the rest while capacity allows. */
  #assign(): void {
    if (this.#isStopped) return;
    let missing = 0;
    for (const pool of this.#pools.values()) {
      this.#assignToIdle(pool);
      missing += this.#startForWaiters(pool);
      this.#startWarm(pool);
    }
    while (this.#ending < missing) {
      const idle = findIdle([...this.#pools.values()]);
      if (idle === null) return;
      this.#end(idle.pool, idle.member);
    }
  }

  #assignToIdle(pool: Pool): void {
    for (const member of pool.members) if (!member.isBusy) this.#take(pool, member);
  }

  /**
   * Starts processes for the waiting calls.
   * @returns the number of processes without capacity
   */
  #startForWaiters(pool: Pool): number {
    const { perFunction } = this.#limits;
    while (pool.waiters.length > 0 && pool.members.size < perFunction) {
      const member = this.#addMember(pool);
      if (member === null) return Math.min(pool.waiters.length, perFunction - pool.members.size);
      this.#take(pool, member);
    }
    return 0;
  }

  #startWarm(pool: Pool): void {
    while (pool.members.size < pool.warm && !pool.hasWarmFailed) {
      const member = this.#addMember(pool);
      if (member === null) return;
      this.#track(this.#warmUp(pool, member));
    }
  }

  #addMember(pool: Pool): Member | null {
    for (let slot = 0; slot < this.#limits.total; slot += 1) {
      if (this.#slots.has(slot)) continue;
      this.#slots.add(slot);
      const member: Member = { process: null, slot, isBusy: true, reaper: null };
      pool.members.add(member);
      return member;
    }
    return null;
  }

  #take(pool: Pool, member: Member): void {
    const waiter = pool.waiters.shift();
    if (waiter !== undefined) this.#track(this.#serve(pool, member, waiter));
  }

  async #serve(pool: Pool, member: Member, { call, resolve }: Waiter): Promise<void> {
    member.isBusy = true;
    if (member.reaper) clearTimeout(member.reaper);
    let invocation: FunctionInvocation;
    try {
      invocation = await this.#run(pool, member, call);
    } catch (error) {
      this.#limits.log.error(
        { err: error, function: pool.code.name },
        'the sandbox failed to run a function',
      );
      const message = `The sandbox failed to run the function: ${String(error)}`;
      invocation = unrun({ kind: 'noRuntime', message });
    }
    this.#release(pool, member);
    resolve(invocation);
  }

  async #run(pool: Pool, member: Member, call: PoolCall): Promise<FunctionInvocation> {
    const { code } = pool;
    if (member.process !== null) return { ...(await member.process.call(call, code)), coldStart: false };
    const started = await this.#start(pool, member);
    if ('result' in started) return started;
    await Promise.race([call.coldStart(), started.exited]);
    return { ...(await started.call(call, code)), coldStart: true };
  }

  async #warmUp(pool: Pool, member: Member): Promise<void> {
    const started = await this.#start(pool, member);
    if ('result' in started) {
      pool.hasWarmFailed = true;
      const { result, log } = started;
      this.#limits.log.warn(
        { function: pool.code.name, result, output: log },
        'a provisioned instance did not start',
      );
    } else {
      started.forgetOutput();
    }
    this.#release(pool, member);
  }

  /** Returns a process with the code loaded, or its failure. */
  async #start(pool: Pool, member: Member): Promise<FunctionProcess | FunctionInvocation> {
    const { log, firstUid } = this.#limits;
    const options = { log, firstUid: await firstUid, isStopped: () => this.#isStopped };
    const started = await startMember(pool, member, options);
    if ('result' in started) return started;
    // One that ends on its own between calls frees its capacity at once.
    void started.exited.then(() => {
      if (!member.isBusy) this.#end(pool, member);
    });
    return started;
  }

  #release(pool: Pool, member: Member): void {
    member.isBusy = false;
    const isFull = this.#slots.size >= this.#limits.total;
    const next = this.#isStopped
      ? 'end'
      : nextOfMember(pool, member, { pools: this.#pools.values(), isFull });
    if (next === 'end') this.#end(pool, member);
    else if (next === 'take') this.#take(pool, member);
    else this.#endWhenIdle(pool, member);
  }

  #endWhenIdle(pool: Pool, member: Member): void {
    const reap = () => {
      if (pool.members.size > pool.warm) this.#end(pool, member);
      else this.#endWhenIdle(pool, member);
    };
    member.reaper = setTimeout(reap, this.#limits.idleMs()).unref();
  }

  /** Removes a member; its user id is free again only when its process has ended. */
  #end(pool: Pool, member: Member): void {
    if (!pool.members.delete(member)) return;
    if (member.reaper) clearTimeout(member.reaper);
    const { process } = member;
    process?.kill();
    this.#ending += 1;
    this.#track(
      (process?.exited ?? Promise.resolve()).then(() => {
        this.#ending -= 1;
        this.#slots.delete(member.slot);
        if (isUnused(pool)) this.#retire(pool);
        this.#assign();
      }),
    );
  }
}
