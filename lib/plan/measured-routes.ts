import type { MeasuredRoute } from '@/lib/estate/measure';
import { objectKey, type RuleRef, type RuleState } from '@/lib/estate/object';
import type { Plan } from './model';

/**
 * The rules that a plan writes to and at which something answers once it is through: what guards ask the cloud about.
 * A rule that the plan leaves as it is, because only DNS moves, is not among them: no step says where it is.
 */
export function measuredRoutes({ steps }: Pick<Plan, 'steps'>): readonly MeasuredRoute[] {
  const last = new Map<string, { readonly ref: RuleRef; readonly after: RuleState }>();
  for (const step of steps) {
    if (step.kind !== 'write' || step.object.kind !== 'rule' || step.after.kind !== 'rule') continue;
    last.set(objectKey(step.object), { ref: step.object, after: step.after });
  }
  return [...last.values()].flatMap(({ ref: { kind: _kind, ...place }, after: { targets, functions } }) =>
    targets.length + functions.length === 0 ? [] : [{ ...place, functions }],
  );
}
