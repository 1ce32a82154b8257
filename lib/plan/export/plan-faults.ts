import type { Plan, Step } from '../model';

/** What a plan of the right shape gets wrong: where, and a message key. */
export type PlanFault = { readonly path: readonly (string | number)[]; readonly message: string };

function faultsOfList(steps: readonly Step[], name: 'steps' | 'revert'): readonly PlanFault[] {
  const earlier = new Set<string>();
  return steps.flatMap((step, index) => {
    const faults: PlanFault[] = [];
    const found = (field: string, message: string) => faults.push({ path: [name, index, field], message });
    if (earlier.has(step.id)) found('id', 'plan.stepTwice');
    if (step.needs.some((id) => !earlier.has(id))) found('needs', 'plan.needsLater');
    if (step.kind === 'write') {
      if (step.before.kind !== step.object.kind) found('before', 'plan.otherKind');
      if (step.after.kind !== step.object.kind) found('after', 'plan.otherKind');
    }
    earlier.add(step.id);
    return faults;
  });
}

/**
 * What the planner keeps to and no schema can say: ids are unique, steps rest on earlier ones only, a state is of its
 * object's kind, and what the way back undoes is there.
 */
export function planFaults(plan: Pick<Plan, 'steps' | 'revert'>): readonly PlanFault[] {
  const forward = new Set(plan.steps.map(({ id }) => id));
  const undone = plan.revert.flatMap((step, index): PlanFault[] =>
    step.kind === 'write' && step.undoes !== null && !forward.has(step.undoes)
      ? [{ path: ['revert', index, 'undoes'], message: 'plan.undoesNothing' }]
      : [],
  );
  return [...faultsOfList(plan.steps, 'steps'), ...faultsOfList(plan.revert, 'revert'), ...undone];
}
