import type { CallFault, FaultSpec, LastingFault } from './fault-spec';

/** A call that a fault may hit. */
export type FaultyCall = {
  readonly action: string;
  readonly requestId: string;
  /** As received, after validation. */
  readonly body: unknown;
};

/** One hit, as `GET /faults` shows it. */
export type Hit = { readonly action: string; readonly requestId: string };

/** A fault as `GET /faults` shows it. */
export type FaultView = {
  readonly id: string;
  readonly spec: FaultSpec;
  /** The number of calls it will still hit; null = unlimited. 0 = it is spent. */
  readonly remaining: number | null;
  readonly hits: number;
  /** The last of them, oldest first. */
  readonly lastHits: readonly Hit[];
  /** The outcome, if it is not a hit: of a foreign edit. */
  readonly outcome: string | null;
};

const hitsKept = 100;

const spentKept = 200;

type Entry = {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly random: () => number;
  remaining: number | null;
  hits: number;
  lastHits: Hit[];
  outcome: string | null;
};

type FaultLog = { info(fields: object, message: string): void };

/**
 * The injected faults, oldest first. A call takes the first pending fault of a kind that matches it; each hit is logged
 * with the request's id.
 */
export class Faults {
  readonly #log: FaultLog;
  #entries: Entry[] = [];
  #added = 0;
  /** True if any call may be hit: nearly always false, and then a call must not pay for the check. */
  #pending = false;

  constructor(log: FaultLog) {
    this.#log = log;
  }

  /** Adds a fault. @returns its id */
  add(spec: FaultSpec): string {
    this.#added += 1;
    const id = `fault-${this.#added}`;
    const isCall = 'action' in spec;
    this.#entries.push({
      id,
      spec,
      hits: 0,
      lastHits: [],
      outcome: null,
      random: randomNumbers(isCall ? spec.seed : 0),
      remaining: isCall ? (spec.count ?? (spec.probability === undefined ? 1 : null)) : null,
    });
    this.#settle();
    this.#log.info({ fault: id, kind: spec.kind }, 'fault injected');
    return id;
  }

  /** Consumes one hit of the first pending fault of this kind that the call matches. */
  take<Kind extends CallFault['kind']>(
    kind: Kind,
    call: FaultyCall,
  ): Extract<CallFault, { kind: Kind }> | null {
    if (!this.#pending) return null;
    for (const entry of this.#entries) {
      const { spec } = entry;
      if (!isKind(spec, kind) || entry.remaining === 0 || !matches(spec, call)) continue;
      if (!isHit(spec, entry.random)) continue;
      if (entry.remaining !== null) entry.remaining -= 1;
      this.#hit(entry, call);
      if (entry.remaining === 0) this.#settle();
      return spec;
    }
    return null;
  }

  /** Returns the first fault of a kind that lasts until it is cleared. */
  findLasting<Kind extends LastingFault['kind']>(
    kind: Kind,
    matching: (spec: Extract<LastingFault, { kind: Kind }>) => boolean = () => true,
  ): { readonly id: string; readonly spec: Extract<LastingFault, { kind: Kind }> } | null {
    for (const { id, spec } of this.#entries) {
      if (isKind(spec, kind) && matching(spec)) return { id, spec };
    }
    return null;
  }

  /** Counts and logs a hit of a fault that lasts until it is cleared. */
  hit(id: string, hit: Hit): void {
    const entry = this.#entries.find((each) => each.id === id);
    if (entry) this.#hit(entry, hit);
  }

  /** Records the outcome of a fault that happens once; it is then spent. */
  conclude(id: string, outcome: string): void {
    const entry = this.#entries.find((each) => each.id === id);
    if (!entry) return;
    entry.outcome = outcome;
    entry.remaining = 0;
    this.#settle();
  }

  list(): readonly FaultView[] {
    return this.#entries.map(({ random: _, ...view }) => ({ ...view, lastHits: [...view.lastHits] }));
  }

  /** Removes a fault. @returns it, or null if no fault has this id */
  remove(id: string): FaultView | null {
    const found = this.list().find((each) => each.id === id);
    if (!found) return null;
    this.#entries = this.#entries.filter((each) => each.id !== id);
    this.#settle();
    this.#log.info({ fault: id, kind: found.spec.kind }, 'fault cleared');
    return found;
  }

  #hit(entry: Entry, { action, requestId }: Hit): void {
    entry.hits += 1;
    entry.lastHits.push({ action, requestId });
    if (entry.lastHits.length > hitsKept) entry.lastHits.shift();
    this.#log.info({ fault: entry.id, kind: entry.spec.kind, action, requestId }, 'fault');
  }

  #settle(): void {
    const spent = this.#entries.filter((each) => each.remaining === 0);
    const forgotten = new Set(spent.slice(0, Math.max(0, spent.length - spentKept)));
    this.#entries = this.#entries.filter((each) => !forgotten.has(each));
    this.#pending = this.#entries.some((each) => 'action' in each.spec && each.remaining !== 0);
  }
}

function isKind<Kind extends FaultSpec['kind']>(
  spec: FaultSpec,
  kind: Kind,
): spec is Extract<FaultSpec, { kind: Kind }> {
  return spec.kind === kind;
}

function matches(spec: CallFault, call: FaultyCall): boolean {
  if (spec.action !== '*' && spec.action !== call.action) return false;
  return spec.object === undefined || mentions(call.body, spec.object);
}

function isHit({ probability }: CallFault, random: () => number): boolean {
  return probability === undefined || random() < probability;
}

function mentions(value: unknown, object: string): boolean {
  if (typeof value !== 'object' || value === null) return String(value) === object;
  return Object.values(value).some((each) => mentions(each, object));
}

/**
 * Generates numbers in [0, 1) that depend only on the seed: mulberry32
 * (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c).
 */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
