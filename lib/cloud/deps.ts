import type { RateBudgets } from './rate-budgets';
import type { Service } from './rates';

/** Fields first, then the sentence: the form of pino. */
type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** A request that was sent and how it ended. */
export type CloudCall = {
  readonly service: Service;
  readonly action: string;
  /** null for services without regions. */
  readonly region: string | null;
  /** The cloud's; null when no answer came. */
  readonly requestId: string | null;
  /** Why it failed: the cloud's code or one of ours; null when it went well. */
  readonly code: string | null;
  readonly durationMs: number;
};

/** What the adapter takes from outside, so that time can be virtual and the log is the process's own. */
export type CloudDeps = {
  readonly now: () => Date;
  readonly log: { readonly debug: LogLine; readonly info: LogLine; readonly warn: LogLine };
  /** Told of each request that was sent, reads that are sent again included. */
  readonly onCall?: (call: CloudCall) => void;
  /** The rate limits that all connections of the process keep; by default each connection keeps its own. */
  readonly rates?: RateBudgets;
  /** Resolves after this many ms; real timers by default. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** From 0 up to 1, for jitter; `Math.random` by default. */
  readonly random?: () => number;
};

/** Real time. */
export function realSleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
