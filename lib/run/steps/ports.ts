import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { LiveCommand, PausedBy, Problem, RunEvent, Sample } from '@/lib/run/model/model';

export type { ProbeAnswer, Prober } from '@/lib/estate/probe';

/** Time for the run: real, or virtual in a rehearsal. */
export interface Clock {
  now(): Date;
  /** Resolves when the instant is reached, also after a crash in between. */
  sleepUntil(instant: Date): Promise<void>;
}

/** The record of a run. Append-only; the events of one run are ordered. */
export interface Journal {
  append(event: RunEvent): Promise<void>;
  /** Reads the events without samples: a day of diverted traffic has 17,000 of them, most of the journal. */
  read(): Promise<readonly RunEvent[]>;
  /** Reads all events. */
  readAll(): Promise<readonly RunEvent[]>;
}

/** Runs `fn` to completion once under this name, also across crashes: a finished result is recorded and replayed. */
export type Once = <T>(name: string, fn: () => Promise<T>) => Promise<T>;

/** An operator's command to an active run. */
export type CommandMessage = {
  /** A unique id: the engine may deliver a message again. */
  readonly id: string;
  readonly command: LiveCommand;
  readonly actor: string;
  readonly reason: string;
  /** On a pause or resume: set if it comes from the emergency stop, or its end. */
  readonly by?: PausedBy;
};

/** A command, or a request to re-validate the plan now: what its check reads has changed. */
export type RunMessage = CommandMessage | { readonly command: 'check' };

/** Messages to the run. Waiting is durable: after a crash it continues to the same instant. */
export interface Inbox {
  /** Returns the next message, and waits for it until the instant at most; null checks without waiting. */
  take(until: Date | null): Promise<RunMessage | null>;
}

/** Re-validates a waiting plan: whether the reviewed plan may run under current conditions. */
export interface Validator {
  /**
   * @param begun true if the run has already written: then the plan no longer starts from the current estate
   * @param refreshes false if it doesn't request a newer snapshot for the next check
   */
  check(begun: boolean, refreshes?: boolean): Promise<readonly Problem[]>;
  /**
   * Returns why a run may not continue whatever the estate is: its author or whoever enabled its failover may not apply
   * plans any more, its approvals don't suffice any more, or its plan is not the reviewed one. A part of `check`.
   */
  checkRights(): Promise<readonly Problem[]>;
  /**
   * Returns why the next write of an apply may not be sent, right before it is: the safety rules that the state after it
   * would violate. Never called in a rollback.
   * @param plan the run's, with the ids of created objects as far as they are known
   */
  checkWrite(step: WriteStep, plan: Plan): Promise<readonly Problem[]>;
}

/** Watches the moved traffic: one round of all measures that guards use. An unreadable measure never throws. */
export interface Watcher {
  sample(): Promise<Sample>;
}
