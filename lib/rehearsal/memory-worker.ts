import { invariant } from '@/lib/invariant';
import type { ExecutePorts } from '@/lib/run/executor';
import type { RunEvent } from '@/lib/run/model/model';
import type { Inbox, Journal, Once, RunMessage } from '@/lib/run/steps/ports';
import { fencedCloud } from '@/lib/run/steps/run-cloud';
import { TakenOverError } from './memory-engine';
import type { RehearsalClock } from './rehearsal-clock';

/**
 * The dependencies of a run besides its engine. Without a validator and a watcher there are no findings and nothing is
 * watched.
 */
export type Outer = Pick<ExecutePorts, 'cloud' | 'prober'> &
  Partial<Pick<ExecutePorts, 'validator' | 'watcher'>>;

/**
 * Called with the name of each place that a process reaches: `before append intent s1`, `after once s1`, `before send
 * CreateRule`, `after sleep`. It may call `die` on the process, or make it wait as a frozen process does.
 */
export type PlaceHook = (place: string, worker: MemoryWorker) => void | Promise<void>;

const never = () => new Promise<never>(() => {});

/**
 * One process of a run. Its ports work until it dies; pending requests are then never answered, so that none of its
 * code runs any more, not even a `catch`: only the engine's store and the outside state show what it did.
 */
export class MemoryWorker {
  readonly ports: ExecutePorts;
  /** Resolves when the process has died. */
  readonly died: Promise<void>;
  #isAlive = true;
  #onDeath = () => {};
  #asked = 0;

  constructor(
    private readonly engine: MemoryEngine,
    private readonly stored: MemoryAttempt,
    outer: Outer,
    private readonly at: PlaceHook,
    readonly fence: number,
  ) {
    this.died = new Promise((resolve) => {
      this.#onDeath = resolve;
    });
    const { clock } = engine;
    this.ports = {
      journal: this.#journal(),
      once: this.#once,
      inbox: this.#inbox(),
      clock: {
        now: () => clock.now(),
        sleepUntil: (instant) => this.#through('sleep', () => clock.sleepUntil(instant)),
      },
      cloud: this.#cloud(outer.cloud),
      prober: { probe: (probe) => this.#through(`probe ${probe.kind}`, () => outer.prober.probe(probe)) },
      validator: {
        check: (begun, refreshes) =>
          this.#through('check', async () => (await outer.validator?.check(begun, refreshes)) ?? []),
        checkRights: () =>
          this.#through('checkRights', async () => (await outer.validator?.checkRights()) ?? []),
        checkWrite: (step, plan) =>
          this.#through('checkWrite', async () => (await outer.validator?.checkWrite(step, plan)) ?? []),
      },
      watcher: {
        sample: () =>
          this.#through(
            'watch',
            async () =>
              (await outer.watcher?.sample()) ?? { at: clock.now().toISOString(), measures: {}, probes: [] },
          ),
      },
      // The same in each replay and for each seed.
      random: () => 0.5,
      // The report of a rehearsal would hide an internal error.
      reportError: (error) => {
        throw error;
      },
      faultPoint: (point, stepId) => this.#pass(`${point} ${stepId}`),
    };
  }

  /** Ends the process like a kill. */
  die(): void {
    this.#isAlive = false;
    this.#onDeath();
  }

  /** Marks a place: continues only if the process has not died. */
  async #pass(place: string): Promise<void> {
    await this.at(place, this);
    if (!this.#isAlive) await never();
  }

  async #through<T>(what: string, fn: () => Promise<T>): Promise<T> {
    await this.#pass(`before ${what}`);
    try {
      return await fn();
    } finally {
      await this.#pass(`after ${what}`);
    }
  }

  /**
   * Requests the next operation of the run: as in the durable engine, its position in the order identifies the recorded
   * one.
   */
  #ask(name: string): { readonly place: number; readonly known: StoredResult | undefined } {
    const place = this.#asked;
    this.#asked += 1;
    const known = this.stored.results.get(place);
    const sameWay = known === undefined || known.name === name;
    // A superseded process may find what its successor has recorded at the same position.
    if (!sameWay) this.engine.confirm(this.fence);
    invariant(sameWay, `a replay asks for ${name} where ${known?.name} was recorded`);
    return { place, known };
  }

  #record(place: number, name: string, value: unknown): void {
    this.engine.confirm(this.fence);
    this.stored.results.set(place, { name, value });
  }

  readonly #once: Once = async <T>(name: string, fn: () => Promise<T>): Promise<T> => {
    const { place, known } = this.#ask(`once ${name}`);
    if (known !== undefined) return structuredClone(known.value) as T;
    await this.#pass(`before once ${name}`);
    const result = await fn();
    await this.#pass(`before record ${name}`);
    this.#record(place, `once ${name}`, result);
    await this.#pass(`after once ${name}`);
    return result;
  };

  #journal(): Journal {
    return {
      append: (event) => {
        const step = 'stepId' in event ? ` ${event.stepId}` : '';
        return this.#through(`append ${event.type}${step}`, async () => {
          this.engine.confirm(this.fence);
          this.engine.append(event);
        });
      },
      read: () => this.#through('read', async () => [...this.engine.unmeasured]),
      readAll: () => this.#through('read', async () => [...this.engine.events]),
    };
  }

  #inbox(): Inbox {
    return {
      take: async (until) => {
        const { place, known } = this.#ask('take');
        if (known !== undefined) return structuredClone(known.value) as RunMessage | null;
        await this.#pass('before take');
        if (until !== null) {
          await this.#messageUntil(until);
          await this.#pass('in take');
        }
        this.engine.confirm(this.fence);
        const message = this.stored.messages.shift() ?? null;
        if (message !== null) this.stored.taken.push(message);
        this.#record(place, 'take', message);
        await this.#pass('after take');
        return message;
      },
    };
  }

  /** Waits for a message until the given instant at most. */
  async #messageUntil(until: Date): Promise<void> {
    const { clock } = this.engine;
    const { messages, waiting } = this.stored;
    if (messages.length > 0) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        takeBack();
        resolve();
      };
      const takeBack = clock.after(until.getTime() - clock.now().getTime(), wake);
      waiting.add(wake);
    });
  }

  #cloud(outer: Outer['cloud']): Outer['cloud'] {
    const cloud = fencedCloud(outer, async ({ action }) => {
      await this.#pass(`before send ${action}`);
      this.engine.confirm(this.fence);
    });
    return {
      read: (ref) => this.#through('cloud read', () => cloud.read(ref)),
      wait: (receipt) => this.#through(`cloud wait ${receipt.action}`, () => cloud.wait(receipt)),
      write: (call, isUnchanged) =>
        this.#through(`cloud write ${call.action}`, () => cloud.write(call, isUnchanged)),
    };
  }
}

/** The result of an operation, which is copied when it is read: most are never read again. */
export type StoredResult = { readonly name: string; readonly value: unknown };

/** The stored data of one attempt at a run: results in the order of the requests, and its messages. */
export type MemoryAttempt = {
  readonly results: Map<number, StoredResult>;
  readonly messages: RunMessage[];
  /** The messages that were consumed, in order. */
  readonly taken: RunMessage[];
  /** Callers that wait for the next message. */
  readonly waiting: Set<() => void>;
};

/**
 * The durable engine and the journal of one run, in memory. Only what is stored here outlasts the processes that work
 * on it. It keeps the durable engine's rules: a result is recorded once it exists, a message is consumed and recorded
 * in one operation, a replay must make the same requests in the same order, and of two processes only the later one
 * records.
 */
export class MemoryEngine {
  readonly events: RunEvent[] = [];
  /** Those of them that are no samples. */
  readonly unmeasured: RunEvent[] = [];
  readonly #attempts = new Map<number, MemoryAttempt>();
  #fence = 0;

  /** @param onEvent called for each event once it is in the journal */
  constructor(
    readonly clock: RehearsalClock,
    private readonly onEvent: (event: RunEvent) => void = () => {},
  ) {}

  /**
   * Resumes an attempt: replays what earlier processes recorded of it and continues from there; those are fenced off.
   * @param attempt counts the tries at a run from 1, as the journal does
   * @param at called at each place where a process may die, freeze or see the outside state change; see `PlaceHook`
   */
  begin(attempt: number, outer: Outer, at: PlaceHook = () => {}): MemoryWorker {
    this.#fence += 1;
    return new MemoryWorker(this, this.attempt(attempt), outer, at, this.#fence);
  }

  /** Sends a message to an attempt, which may begin later. */
  send(attempt: number, message: RunMessage): void {
    const { messages, waiting } = this.attempt(attempt);
    messages.push(message);
    for (const wake of [...waiting]) wake();
  }

  /**
   * Drops what was recorded of an attempt, as when a worker of a newer version restarts it: messages are delivered
   * again.
   */
  forget(attempt: number): void {
    const stored = this.attempt(attempt);
    stored.results.clear();
    stored.messages.unshift(...stored.taken.splice(0));
  }

  append(event: RunEvent): void {
    // Serialized as in a database. A sample is not: it is read-only data, and most of the journal.
    const stored: RunEvent = event.type === 'watched' ? event : JSON.parse(JSON.stringify(event));
    this.events.push(stored);
    if (stored.type !== 'watched') this.unmeasured.push(stored);
    this.onEvent(stored);
  }

  /**
   * Checks that this process is the latest.
   * @throws TakenOverError when a later one has begun
   */
  confirm(fence: number): void {
    if (fence !== this.#fence) throw new TakenOverError(fence);
  }

  private attempt(number: number): MemoryAttempt {
    const known = this.#attempts.get(number);
    if (known !== undefined) return known;
    const made: MemoryAttempt = { results: new Map(), messages: [], taken: [], waiting: new Set() };
    this.#attempts.set(number, made);
    return made;
  }
}
