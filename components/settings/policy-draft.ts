import {
  type CutoverDraft,
  draftGuard,
  draftMissed,
  toGuards,
  toMissedPolicy,
} from '@/components/plan/clock/cutover-draft';
import { durationText, parseDuration } from '@/components/ui/duration-text';
import type { ActionError } from '@/lib/client/views';
import { fieldErrors } from '@/lib/input/field-errors';
import { Policy } from '@/lib/policy/policy';
import { err, ok, type Result } from '@/lib/result';

/** A policy while it is being edited. */
export type PolicyDraft = Pick<CutoverDraft, 'missed' | 'late' | 'guards'> & {
  readonly approvals: string;
  /** Empty = the time zone of each person's browser. */
  readonly zone: string;
  /** Empty = from the plan's forecast. */
  readonly prewarm: string;
};

export function toPolicyDraft({ approvals, zone, prewarmS, missedT0, guards }: Policy): PolicyDraft {
  return {
    approvals: String(approvals),
    zone: zone ?? '',
    prewarm: prewarmS === null ? '' : durationText(prewarmS),
    ...draftMissed(missedT0),
    guards: guards.map(draftGuard),
  };
}

/** Returns the policy of a draft, or its field errors as the server names them: message keys by field path. */
export function toPolicy(draft: PolicyDraft): Result<Policy, ActionError['fields']> {
  const { approvals, zone, prewarm, guards } = draft;
  const parsed = Policy.safeParse({
    approvals: Number(approvals),
    zone: zone === '' ? null : zone,
    prewarmS: prewarm.trim() === '' ? null : (parseDuration(prewarm) ?? Number.NaN),
    missedT0: toMissedPolicy(draft),
    guards: toGuards(guards),
  });
  return parsed.success ? ok(parsed.data) : err(fieldErrors(parsed.error.issues));
}
