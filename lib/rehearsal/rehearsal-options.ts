import type { Rest } from './rest';

/** The progress of a rehearsal. */
export type RehearsalProgress = {
  /** From 0 to 1. */
  readonly share: number;
  /** The rehearsal's own time. */
  readonly at: string;
  readonly events: number;
};

export type RehearsalOptions = {
  /** Called about once per simulated minute. */
  readonly onProgress?: (progress: RehearsalProgress) => void;
  /** Ends the rehearsal with an error, soon. */
  readonly signal?: AbortSignal;
  /** Absent = it never rests. */
  readonly rest?: Pick<Rest, 'over'>;
};

/** Thrown when a rehearsal was canceled. */
export class RehearsalCanceledError extends Error {
  constructor() {
    super('the rehearsal was canceled');
  }
}
