import { burstLeft, type ConcurrencyShare, concurrencyShare, hasRoom } from '../model/scf/concurrency';
import { provisionedNow } from '../model/scf/provisioned';
import type { Telemetry } from '../telemetry/telemetry';
import type { WorldFunction, WorldProvisioned } from '../world/scf';
import type { AccountWorld } from '../world/world';

/** The time that a result based on schedules or past calls is valid, in ms: every 600 ms one more instance is warm. */
const keptMs = 500;

/** Returns the number of provisioned instances of a version that are warm at an instant (epoch ms). */
type WarmInstances = (account: AccountWorld, fn: WorldFunction, version: string, now: number) => number;

/**
 * Creates a counter with the same results as GetProvisionedConcurrencyConfig, cheap enough to be used for each call.
 */
export function warmInstances(telemetry: Telemetry): WarmInstances {
  const known = new WeakMap<WorldProvisioned, { readonly at: number; readonly warm: number }>();
  return (account, fn, version, now) => {
    const setting = fn.provisioned.find(({ qualifier }) => qualifier === version);
    if (setting === undefined) return 0;
    const before = known.get(setting);
    if (before !== undefined && Math.abs(now - before.at) < keptMs && !isSimple(setting)) return before.warm;
    const { warm } = provisionedNow(fn, setting, { account, telemetry, now });
    known.set(setting, { at: now, warm });
    return warm;
  };
}

function isSimple(setting: WorldProvisioned): boolean {
  return setting.kind === 'Default' && setting.schedule.length === 0;
}

const minuteMs = 60_000;

export type AdmissionRequest = {
  readonly account: AccountWorld;
  readonly fn: WorldFunction;
  /** `$LATEST` or a number, and the memory of its instances. */
  readonly version: string;
  readonly memoryMb: number;
  /** The idle time after which an instance ends, in ms. */
  readonly idleMs: number;
  readonly now: number;
};

/**
 * An admitted call; `release` must be called when it has ended. `concurrency`: concurrent calls of the function,
 * including this one.
 */
export type Admitted = {
  readonly kind: 'admitted';
  readonly concurrency: number;
  release(now: number): void;
};

type Version = {
  readonly memoryMb: number;
  busy: number;
  /** The end of each idle instance's last call, oldest first, without the provisioned ones. */
  readonly idleSince: number[];
};

/** The counts of one account. */
type Counts = {
  /** Keyed by region, namespace and name; then by version. */
  readonly functions: Map<string, Map<string, Version>>;
  /** The times of instance starts in a region, oldest first. */
  readonly starts: Map<string, number[]>;
};

/**
 * Admits the calls that the cloud would admit: an instance takes one call at a time, instances together have no more
 * memory than the function's reservation or the account's share, and not too many new ones start in a minute. It counts
 * the cloud's instances, independently of the number of processes on this machine.
 */
export class Admission {
  /** Keyed by the account object: the counts are dropped when the sandbox data is replaced. */
  readonly #counts = new WeakMap<AccountWorld, Counts>();
  readonly #warm: WarmInstances;

  constructor(warm: WarmInstances) {
    this.#warm = warm;
  }

  /** @returns `throttled` when there is no room (432), `burst` when instances start too fast (429) */
  admit(request: AdmissionRequest): Admitted | { readonly kind: 'throttled' | 'burst' } {
    const { account, fn, version: name, memoryMb, idleMs, now } = request;
    const { functions } = this.#of(account);
    const versions = functions.get(functionKey(fn)) ?? new Map<string, Version>();
    const known = versions.get(name) ?? { memoryMb, busy: 0, idleSince: [] };
    const { busy } = known;
    const warm = this.#warm(account, fn, name, now);
    const share = concurrencyShare(account, fn);
    // Warm instances use their memory whether they are busy or not.
    const before = this.#usedMb(request, share) - known.memoryMb * Math.max(busy, warm);
    const others = memoryMb * (Math.max(busy + 1, warm) - 1);
    if (!hasRoom(share, before + others, memoryMb)) return { kind: 'throttled' };

    const idleSince = known.idleSince.filter((since) => since > now - idleMs);
    if (busy >= warm && idleSince.pop() === undefined && !this.#start(account, fn, now)) {
      return { kind: 'burst' };
    }
    functions.set(functionKey(fn), versions);
    versions.set(name, { memoryMb, busy: busy + 1, idleSince });
    let concurrency = 0;
    for (const each of versions.values()) concurrency += each.busy;
    let running = true;
    const release = (at: number) => {
      if (running) this.#release(request, at);
      running = false;
    };
    return { kind: 'admitted', concurrency, release };
  }

  #release({ account, fn, version: name }: AdmissionRequest, now: number): void {
    const version = this.#of(account).functions.get(functionKey(fn))?.get(name);
    if (version === undefined) return;
    version.busy -= 1;
    if (version.busy >= this.#warm(account, fn, name, now)) version.idleSince.push(now);
  }

  #of(account: AccountWorld): Counts {
    const counts = this.#counts.get(account) ?? { functions: new Map(), starts: new Map() };
    this.#counts.set(account, counts);
    return counts;
  }

  #start(account: AccountWorld, { region }: WorldFunction, now: number): boolean {
    const { starts } = this.#of(account);
    const recent = (starts.get(region) ?? []).filter((at) => at > now - minuteMs);
    if (burstLeft(recent, now) === 0) return false;
    recent.push(now);
    starts.set(region, recent);
    return true;
  }

  /** Returns the memory of all running and provisioned instances in the share, in MB. */
  #usedMb({ account, fn, now }: AdmissionRequest, share: ConcurrencyShare): number {
    if (share.of === 'function') return this.#functionMb(account, fn, now);
    let sum = 0;
    for (const other of Object.values(account.functions)) {
      if (other.region === fn.region && other.reservedMb === null) {
        sum += this.#functionMb(account, other, now);
      }
    }
    return sum;
  }

  #functionMb(account: AccountWorld, fn: WorldFunction, now: number): number {
    const versions = this.#of(account).functions.get(functionKey(fn));
    let sum = 0;
    for (const [name, { memoryMb, busy }] of versions ?? []) {
      if (busy > 0) sum += memoryMb * Math.max(busy, this.#warm(account, fn, name, now));
    }
    for (const { qualifier } of fn.provisioned) {
      if ((versions?.get(qualifier)?.busy ?? 0) > 0) continue;
      const version = fn.versions.find((each) => each.version === qualifier);
      sum += (version?.memoryMb ?? 0) * this.#warm(account, fn, qualifier, now);
    }
    return sum;
  }
}

function functionKey({ region, namespace, name }: WorldFunction): string {
  return `${region}/${namespace}/${name}`;
}
