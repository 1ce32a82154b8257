/** Fields first, then the sentence: the form of pino. */
type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What the adapter takes from outside, so that time can be virtual and the log is the process's own. */
export type CloudDeps = {
  readonly now: () => Date;
  readonly log: { readonly debug: LogLine; readonly warn: LogLine };
  /** Resolves after this many ms; real timers by default. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** From 0 up to 1, for jitter; `Math.random` by default. */
  readonly random?: () => number;
};

/** Real time. */
export function realSleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
