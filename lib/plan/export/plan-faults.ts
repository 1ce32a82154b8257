import { phases } from '@/lib/diversion/phase';
import type { Owned } from '@/lib/estate/owner';
import type { Plan, Step, WriteStep } from '../model/model';

/** A fault of a plan with a valid shape: its path, and a message key. */
export type PlanFault = { readonly path: readonly (string | number)[]; readonly message: string };

/** A wrong field of a step, and its fault. */
type StepFault = readonly [field: string, message: string];

function writeFaults({ object, before, after, call, inverse }: WriteStep): readonly StepFault[] {
  const isOther = (owned: Owned) => owned.connectionId !== object.connectionId;
  return [
    ...(before.kind === object.kind ? [] : [['before', 'plan.otherKind'] as const]),
    ...(after.kind === object.kind ? [] : [['after', 'plan.otherKind'] as const]),
    ...(isOther(call) ? [['call', 'plan.otherAccount'] as const] : []),
    ...(isOther(inverse) ? [['inverse', 'plan.otherAccount'] as const] : []),
  ];
}

/** Returns the field of a step that determines the account whose key sends it, with that account. */
function ownerOfStep(step: Step): readonly [field: string, owned: Owned] | null {
  if (step.kind === 'write') return ['object', step.object];
  return step.kind === 'probe' && step.probe.kind === 'ready' ? ['probe', step.probe] : null;
}

function faultsOfList(
  steps: readonly Step[],
  name: 'steps' | 'rollback',
  spanned: readonly string[],
): readonly PlanFault[] {
  /** The phases of earlier steps: a dependency in a later phase is never met in time, at any position in the list. */
  const earlier = new Map<string, number>();
  return steps.flatMap((step, index) => {
    const phase = phases.indexOf(step.phase);
    const faults: StepFault[] = [];
    if (earlier.has(step.id)) faults.push(['id', 'plan.stepTwice']);
    if (step.needs.some((id) => (earlier.get(id) ?? Number.POSITIVE_INFINITY) > phase))
      faults.push(['needs', 'plan.needsLater']);
    if (step.kind === 'write') faults.push(...writeFaults(step));
    const [field, { connectionId }] = ownerOfStep(step) ?? ['', {}];
    if (connectionId !== undefined && !spanned.includes(connectionId))
      faults.push([field, 'plan.unnamedAccount']);
    earlier.set(step.id, phase);
    return faults.map(([at, message]) => ({ path: [name, index, at], message }));
  });
}

/**
 * Checks the planner's rules that no schema can express. Ids are unique, steps depend on earlier ones and earlier
 * phases only, a state matches its object's kind, and the target of every rollback step exists. Each object is read and
 * written in one account, one of those that the diversion names: only these accounts' kind, keys and approvals are
 * checked.
 */
export function planFaults({
  diversion,
  steps,
  rollback,
}: Pick<Plan, 'diversion' | 'steps' | 'rollback'>): readonly PlanFault[] {
  const forward = new Set(steps.map(({ id }) => id));
  const undone = rollback.flatMap((step, index): PlanFault[] =>
    step.kind === 'write' && step.undoes !== null && !forward.has(step.undoes)
      ? [{ path: ['rollback', index, 'undoes'], message: 'plan.undoesNothing' }]
      : [],
  );
  const { connections } = diversion;
  return [
    ...faultsOfList(steps, 'steps', connections),
    ...faultsOfList(rollback, 'rollback', connections),
    ...undone,
  ];
}
