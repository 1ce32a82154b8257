import type { ParamValue, WriteCall } from '@/lib/estate/call';
import type { ObjectRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { Direction, RunEvent } from '@/lib/run/model/model';

/** Returns the writes of a plan in one direction, in order. */
export function listWrites(plan: Plan, direction: Direction): readonly WriteStep[] {
  const steps = direction === 'apply' ? plan.steps : plan.rollback;
  return steps.filter((step): step is WriteStep => step.kind === 'write');
}

/** Returns true if a parameter matches the plan; an id that the plan could not know yet may have any value. */
function fits(planned: ParamValue | undefined, sent: ParamValue | undefined): boolean {
  if (typeof planned !== 'object') return planned === sent;
  if ('$id' in planned) return typeof sent === 'string' || typeof sent === 'number';
  if (typeof sent !== 'object') return false;
  const names = new Set([...Object.keys(planned), ...Object.keys(sent)]);
  const value = (of: object, name: string): ParamValue | undefined =>
    Object.entries(of).find(([n]) => n === name)?.[1];
  return [...names].every((name) => fits(value(planned, name), value(sent, name)));
}

/** Returns the step whose call was sent, exactly as planned; of several, the one whose intent was journaled last. */
export function getWrite(
  plan: Plan,
  direction: Direction,
  call: WriteCall,
  ref: ObjectRef | null,
  events: readonly RunEvent[],
): WriteStep | null {
  const fitting = listWrites(plan, direction).filter(
    (step) =>
      step.call.action === call.action &&
      (ref === null || objectKey(step.object) === objectKey(ref)) &&
      fits(step.call.params, call.params),
  );
  const intent = (step: WriteStep) =>
    events.findLastIndex((e) => e.type === 'intent' && e.stepId === step.id && e.direction === direction);
  return fitting.sort((a, b) => intent(b) - intent(a))[0] ?? null;
}
