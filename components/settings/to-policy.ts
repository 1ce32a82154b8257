import { toGuards, toMissedPolicy } from '@/components/plan/clock/guard-draft';
import { parseDuration } from '@/components/ui/duration-text';
import type { ActionError } from '@/lib/contract/answer';
import { fieldErrors } from '@/lib/input/field-errors';
import { Policy } from '@/lib/policy/policy';
import { err, ok, type Result } from '@/lib/result';
import type { PolicyDraft } from './policy-draft';

/** Returns the policy of a draft, or its field errors as named by the server: message keys by field path. */
export function toPolicy(draft: PolicyDraft): Result<Policy, ActionError['fields']> {
  const { zone, prewarm, guards, ownerTags } = draft;
  const parsed = Policy.safeParse({
    zone: zone === '' ? null : zone,
    prewarmS: prewarm.trim() === '' ? null : (parseDuration(prewarm) ?? Number.NaN),
    missedT0: toMissedPolicy(draft),
    guards: toGuards(guards),
    ownerTags: ownerTags.split(',').flatMap((key) => key.trim() || []),
  });
  return parsed.success ? ok(parsed.data) : err(fieldErrors(parsed.error.issues));
}
