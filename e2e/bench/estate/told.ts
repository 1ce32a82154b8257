/** What a reading process tells of its one reading, as the one line that it prints. */
export type Reading = {
  readonly readMs: number;
  /** How long each answer took. */
  readonly answerMs: readonly number[];
  /** `action` with its service: `clb/DescribeTargets`. */
  /** By action and region; no region for services without. */
  readonly calls: readonly {
    readonly action: string;
    readonly region: string | null;
    readonly count: number;
    readonly perSecond: number;
  }[];
  /** Answers that it was too fast. */
  readonly throttles: number;
  readonly gaps: number;
  /** Objects by list of the estate. */
  readonly counts: Readonly<Record<string, number>>;
  /** How long each plan with its preflight took. */
  readonly planMs: readonly number[];
  /** Most resident memory that the process ever had. */
  readonly memoryMb: number;
};
