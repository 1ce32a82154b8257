import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalProgress } from '@/lib/rehearsal/rehearsal-options';
import type { RehearsalResult } from '@/lib/rehearsal/report/drill-report';

/** The work of a rehearsal process, over its channel. */
export type RehearsalWork = { readonly input: RehearsalInput };

/** A message of a rehearsal process; `done` and `failed` are its last. */
export type RehearsalMessage =
  | { readonly kind: 'progress'; readonly progress: RehearsalProgress }
  | { readonly kind: 'done'; readonly result: RehearsalResult }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
