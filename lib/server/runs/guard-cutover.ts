import type { AuditFacts } from '@/lib/audit/audit-entry';
import type { PlanView } from '@/lib/contract/plan';
import type { Cutover, CutoverRequest } from '@/lib/diversion/cutover';
import { trafficLags } from '@/lib/diversion/guard-lag';
import { withPolicyGuards } from '@/lib/plan/default-cutover';

/**
 * Returns a requested schedule of a plan with its guards, by default those of the policy.
 * @param note gets the measures of the policy's guards that it leaves out, for the audit log
 */
export function guardCutover(
  requested: CutoverRequest,
  { plan, policy, traffic, figureIntervals }: PlanView,
  note: (facts: AuditFacts) => void,
): Cutover {
  const cutover = withPolicyGuards(requested, plan, policy, trafficLags(traffic, figureIntervals));
  const { withoutGuards } = cutover;
  if (withoutGuards !== undefined) note({ withoutGuards: withoutGuards.join(', ') });
  return cutover;
}
