import type { DiversionId } from '@/lib/diversion/diversion';
import type { RecurrenceRule } from '@/lib/diversion/recurrence';
import type { Answer } from './answer';

/**
 * Makes a diversion repeat by a rule, or changes the rule. `typedDomain` must be the diversion's `confirmationText` on
 * a real account.
 */
export type SetRecurrenceAction = (input: {
  diversionId: DiversionId;
  rule: RecurrenceRule;
  reason: string;
  typedDomain: string | null;
}) => Answer<null>;

/** Stops a recurrence; occurrences that have not begun stay scheduled, or are canceled. */
export type StopRecurrenceAction = (input: {
  diversionId: DiversionId;
  scheduled: 'keep' | 'cancel';
  reason: string;
}) => Answer<null>;
