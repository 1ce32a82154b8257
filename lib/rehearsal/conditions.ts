import { z } from 'zod';
import type { Freeze } from '@/lib/diversion/freeze-times';
import type { SafetyFacts } from '@/lib/safety/safety-facts';

/**
 * The reasons why a real run would not start, or needs something before T0; a rehearsal runs anyway.
 * - `approvalsMissing`: the plan needs more approvals than it has;
 * - `approvalsExpire`: it has enough now, and fewer than it needs at T0;
 * - `approverLost`: the person of an approval may not approve any more, so that it doesn't count;
 * - `declined`: someone has declined it and not approved it since;
 * - `schedulerLost`: whoever scheduled the run may not apply the plan any more;
 * - `authorLost`: whoever made the plan may not apply it any more, and it is not scheduled;
 * - `ruleApprovals`: a safety rule allows it only with more approvals;
 * - `keysExpire`: the temporary key of an account expires before the run is complete.
 */
const noteCodes = [
  'approvalsMissing',
  'approvalsExpire',
  'approverLost',
  'declined',
  'schedulerLost',
  'authorLost',
  'ruleApprovals',
  'keysExpire',
] as const;

export const RehearsalNote = z.object({
  code: z.enum(noteCodes),
  /** `todo`: usual before a plan is approved; `warning`: something was lost or will be; `stops`: the run will not start. */
  severity: z.enum(['todo', 'warning', 'stops']),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type RehearsalNote = z.infer<typeof RehearsalNote>;

/**
 * The conditions besides the snapshot that decide whether a run may write, as of the beginning of the rehearsal. What has
 * no end of its own, such as a pause or the state of a gate, stays as it is; times of freezes and runs are judged on the
 * virtual clock. Plain JSON.
 */
export type RehearsalConditions = {
  /** The safety rules and what they depend on. Approvals that are missing count as given: they are notes. */
  readonly safety: Omit<SafetyFacts, 'otherRuns'> & {
    /** Other runs with the time in which they are under way, as ISO instants; null = from the beginning, or to the end. */
    readonly otherRuns: readonly (SafetyFacts['otherRuns'][number] & {
      readonly from: string | null;
      readonly until: string | null;
    })[];
  };
  readonly freezes: readonly Freeze[];
  /** The actor who has paused all changes, and why; null = they are not paused. */
  readonly stop: { readonly actor: string; readonly reason: string } | null;
  /** The preflight checks that block the plan: their number, and the first. null = none does. */
  readonly blocked: { readonly count: number; readonly check: string } | null;
  readonly notes: readonly RehearsalNote[];
};
