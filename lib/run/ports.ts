import type { LiveCommand, PausedBy, Problem, RunEvent, Sample } from './model';

export type { ProbeAnswer, Prober } from '@/lib/estate/probe';

/** Time as the run sees it: real, or virtual in a rehearsal. */
export interface Clock {
  now(): Date;
  /** Resolves when the instant has come, also after a crash in between. */
  sleepUntil(instant: Date): Promise<void>;
}

/** The record of a run. Append-only; events of one run are in one order. */
export interface Journal {
  append(event: RunEvent): Promise<void>;
  read(): Promise<readonly RunEvent[]>;
}

/** Runs `fn` to completion once under this name, also across crashes: a finished result is recorded and replayed. */
export type Once = <T>(name: string, fn: () => Promise<T>) => Promise<T>;

/** A wish of an operator that reaches a run while it goes on. */
export type RunMessage = {
  /** Its own: the engine may bring a message again. */
  readonly id: string;
  readonly command: LiveCommand;
  readonly actor: string;
  readonly reason: string;
  /** Of a pause and a resume: that it is the emergency stop's, or its end. */
  readonly by?: PausedBy;
};

/** Messages to the run. Waiting is durable: after a crash it goes on to the same instant. */
export interface Inbox {
  /** The next message, waiting for it until the instant at most; null asks without waiting. */
  take(until: Date | null): Promise<RunMessage | null>;
}

/** Looks at a waiting plan again: whether what was reviewed may run as things are now. */
export interface Validator {
  /** @param begun whether the run has written already: then the plan no longer starts from the estate as it is. */
  check(begun: boolean): Promise<readonly Problem[]>;
}

/** Looks at the moved traffic: one round of everything that guards are about. Never throws for what it can't read. */
export interface Watcher {
  sample(): Promise<Sample>;
}
