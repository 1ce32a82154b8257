/** The loops that a worker runs beside runs. */
export type WorkerLoop =
  | 'switches'
  | 'sync'
  | 'recovery'
  | 'retention'
  | 'traffic'
  | 'probes'
  | 'resolvers'
  | 'recurrences'
  | 'alerts'
  | 'alertSearches'
  | 'connections';

/** A problem of a worker's background loop. It is shown to people, so it contains no text of unknown origin. */
export type WorkerProblem = {
  readonly loop: WorkerLoop;
  /** The object that it was processing: a kind and an id, such as `switch 4f…`. */
  readonly object: string;
  readonly message: string;
  /** The cloud's code; absent = the cloud did not cause it. */
  readonly code?: string;
  /** Failures in a row. */
  readonly failures: number;
  /** ISO instants: of the first failure, and of the next attempt. */
  readonly since: string;
  readonly retryAt: string;
};
