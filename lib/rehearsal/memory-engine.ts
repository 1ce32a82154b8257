import type { RunEvent } from '@/lib/run/model/model';
import type { RunMessage } from '@/lib/run/steps/ports';
import { MemoryWorker, type Outer, type PlaceHook } from './memory-worker';
import type { RehearsalClock } from './rehearsal-clock';

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

/** Thrown when a superseded process tries to write. */
export class TakenOverError extends Error {
  constructor(fence: number) {
    super(`another worker has claimed the run; this one (fence ${fence}) may not write for it any more`);
  }
}

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
