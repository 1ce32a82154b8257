import type { RunEvent } from '@/lib/run/model';
import type { RunMessage } from '@/lib/run/ports';
import { MemoryLife, type Outer, type PlaceHook } from './memory-life';
import type { VirtualClock } from './virtual-clock';

export type StoredResult = { readonly name: string; readonly value: unknown };

/** What is stored of one attempt at a run: results by the order in which they were asked for, and its messages. */
export type StoredAttempt = {
  readonly results: Map<number, StoredResult>;
  readonly messages: RunMessage[];
  /** Those that were taken, in their order. */
  readonly taken: RunMessage[];
  /** Whoever waits for the next message. */
  readonly waiting: Set<() => void>;
};

/** A life that another one has followed may write no more. */
export class TakenOverError extends Error {
  constructor(fence: number) {
    super(`another life has taken the run up; this one (fence ${fence}) may not write for it any more`);
  }
}

/**
 * The durable engine and the journal of one run, in memory: what stands here outlasts the lives that work on it, and
 * nothing else does. It keeps the durable engine's rules: a result is recorded once it is there, a message is taken and
 * recorded in one, a replay has to ask for the same things in the same order, and of two lives only the later one records.
 */
export class MemoryEngine {
  readonly events: RunEvent[] = [];
  readonly #attempts = new Map<number, StoredAttempt>();
  #fence = 0;

  /** @param onEvent told of each event once it is in the journal */
  constructor(
    readonly clock: VirtualClock,
    private readonly onEvent: (event: RunEvent) => void = () => {},
  ) {}

  /**
   * Takes an attempt up: replays what earlier lives recorded of it and goes on from there; those are fenced off.
   * @param attempt counts the tries at a run from 1, as the journal does
   * @param at called at each place where a life may die, freeze or see the world change; see `PlaceHook`
   */
  begin(attempt: number, outer: Outer, at: PlaceHook = () => {}): MemoryLife {
    this.#fence += 1;
    return new MemoryLife(this, this.attempt(attempt), outer, at, this.#fence);
  }

  /** Sends a message to an attempt, which may begin only later. */
  send(attempt: number, message: RunMessage): void {
    const { messages, waiting } = this.attempt(attempt);
    messages.push(message);
    for (const wake of [...waiting]) wake();
  }

  /** Loses what was recorded of an attempt, as a worker of a newer version begins it anew: messages come again. */
  forget(attempt: number): void {
    const stored = this.attempt(attempt);
    stored.results.clear();
    stored.messages.unshift(...stored.taken.splice(0));
  }

  append(event: RunEvent): void {
    // As a database stores it.
    const stored: RunEvent = JSON.parse(JSON.stringify(event));
    this.events.push(stored);
    this.onEvent(stored);
  }

  /** @throws TakenOverError when a later life has begun */
  confirm(fence: number): void {
    if (fence !== this.#fence) throw new TakenOverError(fence);
  }

  private attempt(number: number): StoredAttempt {
    const known = this.#attempts.get(number);
    if (known !== undefined) return known;
    const made: StoredAttempt = { results: new Map(), messages: [], taken: [], waiting: new Set() };
    this.#attempts.set(number, made);
    return made;
  }
}
