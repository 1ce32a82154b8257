import type { Violation } from './safety-facts';

/**
 * Returns the values of the messages about a violation: `preflight.why.safety-rules`, `run.problem.safetyRule` and
 * `ui.refusal.plan.safetyRule`.
 */
export function violationValues({
  rule,
  why,
  object,
  may,
  values,
}: Pick<Violation, 'rule' | 'why' | 'object' | 'may' | 'values'>): Readonly<Record<string, string | number>> {
  return { ...values, rule, why, object, may };
}
