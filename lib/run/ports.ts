import type { Probe } from '@/lib/plan/model';
import type { RunEvent } from './model';

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

/** The answer to a probe; a connection or resolver failure is an answer too, not an exception. */
export type ProbeAnswer = {
  readonly passed: boolean;
  readonly latencyMs: number;
  /** HTTP status, or the DNS response code; null when nothing answered. */
  readonly status: string | null;
  /** Where it was really asked: `ip:port`. */
  readonly address: string;
  /** First 2,000 characters of the body, or the DNS answers. */
  readonly body: string;
  /** Why it did not pass. */
  readonly failure: string | null;
};

/** Asks real questions from outside: HTTP through a VIP with a Host header, DNS through the connection's resolver. */
export interface Prober {
  probe(probe: Probe): Promise<ProbeAnswer>;
}

/** Runs `fn` to completion once under this name, also across crashes: a finished result is recorded and replayed. */
export type Once = <T>(name: string, fn: () => Promise<T>) => Promise<T>;
