import { phases } from '@/lib/diversion/phase';
import type { Owned } from '@/lib/estate/owner';
import type { Plan, Step, WriteStep } from '../model';

/** What a plan of the right shape gets wrong: where, and a message key. */
export type PlanFault = { readonly path: readonly (string | number)[]; readonly message: string };

/** A field of a step that is wrong, and how. */
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

/** What of a step says whose key it is sent with, and that of whom. */
function ownerOfStep(step: Step): readonly [field: string, owned: Owned] | null {
  if (step.kind === 'write') return ['object', step.object];
  return step.kind === 'probe' && step.probe.kind === 'ready' ? ['probe', step.probe] : null;
}

function faultsOfList(
  steps: readonly Step[],
  name: 'steps' | 'revert',
  spanned: readonly string[],
): readonly PlanFault[] {
  /** The phases of earlier steps: what stands in a later phase is never done in time, wherever it stands in the list. */
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
 * What the planner keeps to and no schema can say: ids are unique, steps rest on earlier ones and phases only, a state is of its
 * object's kind, what the way back undoes is there, and each object is read and written in one account, of those that the
 * diversion names: only their kind, keys and approvals are looked at.
 */
export function planFaults({
  diversion,
  steps,
  revert,
}: Pick<Plan, 'diversion' | 'steps' | 'revert'>): readonly PlanFault[] {
  const forward = new Set(steps.map(({ id }) => id));
  const undone = revert.flatMap((step, index): PlanFault[] =>
    step.kind === 'write' && step.undoes !== null && !forward.has(step.undoes)
      ? [{ path: ['revert', index, 'undoes'], message: 'plan.undoesNothing' }]
      : [],
  );
  const { connections } = diversion;
  return [
    ...faultsOfList(steps, 'steps', connections),
    ...faultsOfList(revert, 'revert', connections),
    ...undone,
  ];
}
