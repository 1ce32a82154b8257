import type { ObjectRef, ObjectState, RecordSetState, RuleState } from '@/lib/estate/object';
import { noRule, objectKey } from '@/lib/estate/object';
import type { Plan, WriteStep } from '@/lib/plan/model';
import type { Edit } from './scenario';

const ownTarget = { instanceId: 'ins-theirs', port: 9090, weight: 5 };
const ownFunction: RuleState['functions'][number] = {
  ...{ namespace: 'theirs', name: 'other', qualifier: '7' },
  ...{ qualifierType: 'VERSION', weight: 10 },
};
const ownValues = ['203.0.113.77', '203.0.113.78'];

function changedRule(state: RuleState, variant: number): RuleState {
  const bare: RuleState = { kind: 'rule', exists: true, targets: [], functions: [] };
  switch (variant % 5) {
    case 0:
      return state.exists ? noRule : bare;
    case 1:
      return { ...state, exists: true, targets: [...state.targets, ownTarget], functions: [] };
    case 2:
      return { ...state, functions: [] };
    case 3:
      return { ...state, targets: state.targets.map((target) => ({ ...target, weight: 1 })) };
    default:
      return { ...bare, functions: [ownFunction] };
  }
}

function changedRecords({ records }: RecordSetState, variant: number): RecordSetState {
  const [first, ...rest] = records;
  const [here, there] = ownValues;
  const record = { type: 'A', value: there ?? '', ttlS: 60, weight: null, enabled: true };
  const made = (): RecordSetState['records'] => {
    if (first === undefined) return [record];
    const isName = records.some(({ type }) => type === 'CNAME');
    switch (variant % 6) {
      case 0:
        return [{ ...first, value: first.type === 'A' ? (here ?? '') : `theirs-${first.value}` }, ...rest];
      case 1:
        return [{ ...first, ttlS: first.ttlS + 1 }, ...rest];
      case 2:
        return isName ? records : [...records, record];
      case 3:
        return [{ ...first, enabled: !first.enabled && !isName }, ...rest];
      case 4:
        return rest;
      default:
        return [{ ...first, weight: first.weight === null ? 5 : null }, ...rest];
    }
  };
  return { kind: 'recordSet', records: made() };
}

/** The objects that a plan writes to, each once. */
export function objectsOf(plan: Plan): readonly ObjectRef[] {
  const writes = plan.steps.filter((step): step is WriteStep => step.kind === 'write');
  return [...new Map(writes.map(({ object }) => [objectKey(object), object])).values()];
}

/** The object that somebody else changes, and the state into which they bring it. */
export function editOf(
  plan: Plan,
  edit: Edit,
  stateOf: (ref: ObjectRef) => ObjectState,
): { readonly ref: ObjectRef; readonly state: ObjectState } | null {
  const objects = objectsOf(plan);
  const ref = objects[edit.object % objects.length];
  if (ref === undefined) return null;
  if (edit.kind === 'step') {
    const steps = plan.steps.filter(
      (s): s is WriteStep => s.kind === 'write' && objectKey(s.object) === objectKey(ref),
    );
    const step = steps[edit.step % steps.length];
    return step === undefined ? null : { ref, state: step[edit.state] };
  }
  const state = stateOf(ref);
  return {
    ref,
    state: state.kind === 'rule' ? changedRule(state, edit.variant) : changedRecords(state, edit.variant),
  };
}
