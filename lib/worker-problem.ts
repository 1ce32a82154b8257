/** The loops that a worker keeps up beside runs. */
export type WorkerLoop = 'switches' | 'sync' | 'recovery' | 'retention';

/** What a background loop of a worker can't do for now. It is shown to people, so it holds no text of unknown origin. */
export type WorkerProblem = {
  readonly loop: WorkerLoop;
  /** What it was busy with: a kind and an id, such as `switch 4f…`. */
  readonly object: string;
  readonly message: string;
  /** Failures in a row. */
  readonly failures: number;
  /** ISO instants: of the first of them, and of the next try. */
  readonly since: string;
  readonly retryAt: string;
};
