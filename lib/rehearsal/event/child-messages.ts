import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalProgress } from '@/lib/rehearsal/rehearsal-options';
import type { DrillEvent, RehearsalResult } from '@/lib/rehearsal/report/drill-report';

/** The work of a rehearsal process: the first message of its channel. */
export type RehearsalWork = {
  readonly input: RehearsalInput;
  /** The events of an interrupted fire drill, from the first seed on; they are not rehearsed again. */
  readonly finished?: readonly DrillEvent[];
};

/** A later message to a rehearsal process: to rest, because live runs need the machine, and to continue. */
export type RehearsalOrder = { readonly kind: 'rest' } | { readonly kind: 'continue' };

/**
 * A result that was checked against its schema. Its parts are JSON texts: a worker stores them as they are, so that a large
 * report does not hold up its runs.
 */
export type FinishedRehearsal = {
  readonly verdict: RehearsalResult['report']['verdict'];
  readonly report: string;
  /** null = one event was rehearsed. */
  readonly drill: string | null;
};

/** A message of a rehearsal process; `done` and `failed` are its last. */
export type RehearsalMessage =
  | { readonly kind: 'progress'; readonly progress: RehearsalProgress }
  /** An event of a fire drill has ended. */
  | { readonly kind: 'event'; readonly event: DrillEvent }
  | { readonly kind: 'done'; readonly result: FinishedRehearsal }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
