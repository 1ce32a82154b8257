import type { CloudKeys } from './keys';
import type { RateBudgets } from './rate-budgets';
import type { Service } from './rates';

/** Fields first, then the message, as in pino. */
type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** A request that was sent, and its outcome. */
export type CloudCall = {
  readonly service: Service;
  readonly action: string;
  /** null for services without regions. */
  readonly region: string | null;
  /** The cloud's request id; null when no response arrived. */
  readonly requestId: string | null;
  /** The reason for the failure: the cloud's code or one of ours; null on success. */
  readonly code: string | null;
  readonly durationMs: number;
};

/** The request that is about to be sent, and the function that sends it. */
export type OnWire = <T>(
  request: { readonly action: string; readonly isWrite: boolean },
  send: () => Promise<T>,
) => Promise<T>;

/** External dependencies of the adapter, injected so that time can be virtual and the log is the process's own. */
export type CloudDeps = {
  readonly now: () => Date;
  readonly log: { readonly debug: LogLine; readonly info: LogLine; readonly warn: LogLine };
  /** Called for each request that was sent, including repeated reads. */
  readonly onCall?: (call: CloudCall) => void;
  /** The rate limits shared by all connections of the process; by default each connection keeps its own. */
  readonly rates?: RateBudgets;
  /** The keys that sign calls; by default the connection's own. */
  readonly keys?: CloudKeys;
  /** Resolves after this many ms; real timers by default. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Returns a number from 0 up to 1, for jitter; `Math.random` by default. */
  readonly random?: () => number;
  /** Sends a request and returns its response; a virtual clock stops meanwhile. By default it only calls `send`. */
  readonly onWire?: OnWire;
};
