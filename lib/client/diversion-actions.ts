import type { z } from 'zod';
import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { DiversionDraft } from '@/lib/diversion/draft';
import type { RecurrenceRule } from '@/lib/diversion/recurrence';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './actions';

/**
 * Stores what the editor has; `diversionId` null = as a new diversion. With the `contentVersion` of the diversion when
 * the editor opened, a later change by others is not overwritten.
 */
export type SaveDraftAction = (input: {
  connectionId: string;
  diversionId: DiversionId | null;
  contentVersion?: string | null;
  draft: z.input<typeof DiversionDraft>;
}) => Answer<{ diversionId: DiversionId }>;

/** Makes a new diversion, a draft, from another one. */
export type DuplicateDiversionAction = (input: {
  diversionId: DiversionId;
}) => Answer<{ diversionId: DiversionId }>;

/**
 * Gives a scheduled run that has not begun other times. `typedDomain` must be the diversion's `confirmationText` on a
 * real account.
 */
export type RescheduleAction = (input: {
  runId: RunId;
  cutover: Cutover;
  reason: string;
  typedDomain: string | null;
}) => Answer<{ runId: RunId }>;

/** Cancels the schedule of a run that has not begun. */
export type CancelScheduleAction = (input: { runId: RunId; reason: string }) => Answer<null>;

/** Makes the next revision with the fix of a finding, named by its place in the plan's list. */
export type FixPlanAction = (input: { planId: PlanId; finding: number }) => Answer<{ planId: PlanId }>;

/** Takes back that a diversion was discarded. */
export type RestoreDiversionAction = (input: { diversionId: DiversionId }) => Answer<null>;

export type DiscardDiversionAction = (input: { diversionId: DiversionId }) => Answer<null>;

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
