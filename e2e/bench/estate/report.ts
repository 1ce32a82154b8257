/** The report of a process on its sync, printed as one line. */
export type BenchReading = {
  readonly readMs: number;
  /** The second sync of the process, whose code is compiled by then. A worker syncs for days. */
  readonly readAgainMs: number;
  /** The duration of each response. */
  readonly answerMs: readonly number[];
  /** `action` with its service: `clb/DescribeTargets`. */
  /** By action and region; no region for services without. */
  readonly calls: readonly {
    readonly action: string;
    readonly region: string | null;
    readonly count: number;
    readonly perSecond: number;
  }[];
  /** Responses that rejected a request because of the rate limit. */
  readonly throttles: number;
  readonly gaps: number;
  /** Objects by list of the estate. */
  readonly counts: Readonly<Record<string, number>>;
  /** The duration of each plan with its preflight. */
  readonly planMs: readonly number[];
  /** The peak resident memory of the process. */
  readonly memoryMb: number;
};
