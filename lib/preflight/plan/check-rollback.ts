import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { objectKey, sameState } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import type { OriginalTtl, Step } from '@/lib/plan/model/model';
import { withOriginalTtls } from '@/lib/plan/model/set-changes';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';

const { pass, block } = createFindings(
  'rollback',
  'https://aws.amazon.com/builders-library/ensuring-rollback-safety-during-deployments/',
);

/**
 * The effect of a list of steps on an object: its start, its end, and whether each write starts where the last one
 * ended.
 */
type StateHistory = {
  readonly object: ObjectRef;
  readonly first: ObjectState;
  readonly last: ObjectState;
  readonly joins: boolean;
};

function listHistories(steps: readonly Step[]): ReadonlyMap<string, StateHistory> {
  const histories = new Map<string, StateHistory>();
  for (const step of steps) {
    if (step.kind !== 'write') continue;
    const { object, before, after } = step;
    const key = objectKey(object);
    const known = histories.get(key);
    histories.set(key, {
      object,
      first: known?.first ?? before,
      last: after,
      joins: known === undefined || (known.joins && sameState(known.last, before)),
    });
  }
  return histories;
}

/**
 * Returns why the rollback of an object is broken; undefined = it returns to the state before the apply, or to the TTLs
 * from before an earlier run lowered them.
 */
function brokenAt(
  applied: StateHistory,
  rolledBack: StateHistory | undefined,
  originalTtls: readonly OriginalTtl[],
): { readonly why: string } | undefined {
  if (!applied.joins || rolledBack?.joins === false) return { why: 'torn' };
  if (rolledBack === undefined)
    return sameState(applied.first, applied.last) ? undefined : { why: 'missing' };
  if (!sameState(rolledBack.first, applied.last)) return { why: 'elsewhere' };
  const { object, first } = applied;
  const isBack =
    sameState(rolledBack.last, first) ||
    (object.kind === 'recordSet' &&
      first.kind === 'recordSet' &&
      sameState(rolledBack.last, withOriginalTtls(object, first, originalTtls)));
  return isBack ? undefined : { why: 'other' };
}

/**
 * Checks the rollback like the apply, step by step over the states that the plan gives for each object: it begins where
 * the apply ends, and ends where the apply began, with the original TTLs.
 */
export const checkRollback: Check = ({ steps, rollback, originalTtls = [] }) => {
  const applied = listHistories(steps);
  if (applied.size === 0) return [];
  const rolledBack = listHistories(rollback);
  const findings = [...applied].flatMap(([key, history]): readonly Finding[] => {
    const broken = brokenAt(history, rolledBack.get(key), originalTtls);
    if (broken === undefined) return [];
    const object = refName(history.object);
    return [block({ field: null, objects: [object], ...broken, values: { object } })];
  });
  const count = applied.size;
  return findings.length > 0
    ? findings
    : [pass({ field: null, objects: [], why: 'pass', values: { count } })];
};
