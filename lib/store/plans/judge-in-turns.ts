import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import { judgeEachRule } from '@/lib/safety/judge-change';
import type { JudgedChange, SafetyFacts, SafetyPlan, Violation } from '@/lib/safety/safety-facts';
import { inTurns } from '@/lib/store/in-turns';

/** Judges a change by the enabled rules. Other work of the process continues between them. */
export async function judgeInTurns(change: JudgedChange, facts: SafetyFacts): Promise<readonly Violation[]> {
  return (await inTurns(judgeEachRule(change, facts))).flat();
}

/** Judges all writes of a plan in the same way, on a snapshot. */
export function judgePlan(
  {
    plan,
    ...when
  }: { readonly plan: SafetyPlan; readonly estate: Estate } & Pick<JudgedChange, 'at' | 'times'>,
  facts: SafetyFacts,
): Promise<readonly Violation[]> {
  const { estate } = anticipate(when.estate, plan.diversion);
  const writes = plan.steps.filter((step) => step.kind === 'write');
  return judgeInTurns({ ...when, plan, estate, writes, before: [] }, facts);
}
