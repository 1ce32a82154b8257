import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import type { FireDrillReport } from './fire-drill';
import type { RehearsalProgress } from './rehearse';

/** The work of a rehearsal process, over its channel: one rehearsal, or a fire drill over seeds. */
export type RehearsalWork = {
  readonly input: RehearsalInput;
  /** null = one rehearsal, with the seed of the input. */
  readonly seeds: readonly [number, ...number[]] | null;
};

/** A message of a rehearsal process; `done` and `failed` are its last. */
export type RehearsalMessage =
  | { readonly kind: 'progress'; readonly progress: RehearsalProgress }
  | { readonly kind: 'done'; readonly report: RehearsalReport | FireDrillReport }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
