import type { WriteReceipt } from '@/lib/cloud/port';
import { objectKey } from '@/lib/estate/object-state';
import { getOwner } from '@/lib/estate/owner';
import type { Plan, Step, StepId, WriteStep } from '@/lib/plan/model/model';
import type { Direction, RunEvent } from './model';

/** Reads the journal of earlier processes and attempts. Pure; events are in the order in which they were written. */

type StepEvent = Extract<RunEvent, { stepId: StepId | null }>;

function listStepEvents(
  events: readonly RunEvent[],
  direction: Direction,
  stepId: StepId,
): readonly StepEvent[] {
  return events.filter(
    (e): e is StepEvent => 'stepId' in e && e.direction === direction && e.stepId === stepId,
  );
}

/** Returns the end of a step, in any attempt, if it has ended. */
export function doneEvent(events: readonly RunEvent[], direction: Direction, stepId: StepId) {
  return listStepEvents(events, direction, stepId).findLast((e) => e.type === 'stepDone');
}

/** Returns the events of one attempt: a probe of an earlier one says nothing about now. */
export function sinceStart(events: readonly RunEvent[], attempt: number): readonly RunEvent[] {
  const start = events.findIndex((e) => e.type === 'started' && e.attempt === attempt);
  return start < 0 ? [] : events.slice(start);
}

/** The load balancer that a step has made, by what its newest accepted call answered; undefined where none has. */
export function createdLoadBalancer(step: WriteStep, events: readonly RunEvent[]): string | undefined {
  const accepted = listStepEvents(events, 'apply', step.id).findLast((e) => e.type === 'accepted');
  return accepted?.loadBalancerId;
}

/** Calls whose outcome was never recorded. */
export type Doubt = {
  /** The receipt of the last call that the cloud accepted, if any. */
  readonly receipt: WriteReceipt | null;
  /** True if another call, whose response is unknown, was sent after that. */
  readonly isOpen: boolean;
};

function findReceipt(doubt: Doubt | null): WriteReceipt | null {
  return doubt?.receipt ?? null;
}

/**
 * Returns the last call of a step whose effect is unknown. A later call that the cloud rejected before acting says
 * nothing about an earlier one, so the doubt about that one remains.
 */
export function findDoubt(step: WriteStep, events: readonly RunEvent[], direction: Direction): Doubt | null {
  let doubt: Doubt | null = null;
  let before: Doubt | null = null;
  for (const event of listStepEvents(events, direction, step.id)) {
    if (event.type === 'intent') {
      before = doubt;
      // A task of an earlier call may still be running: it is waited for, too.
      doubt = { receipt: findReceipt(before), isOpen: true };
    } else if (event.type === 'accepted') {
      const { requestId, taskId } = event;
      const own = 'loadBalancerId' in step.object ? step.object.loadBalancerId : null;
      const loadBalancerId = event.loadBalancerId ?? own;
      const { action, region } = step.call;
      const owned = getOwner(step.object);
      const receipt = { action, requestId, taskId, region, loadBalancerId, ...owned };
      doubt = { receipt, isOpen: false };
    } else if (event.type === 'callFailed' && !event.error.mayHaveHappened) {
      doubt = before;
    } else if (event.type === 'stepDone') {
      doubt = null;
      before = null;
    }
  }
  return doubt;
}

/** Returns a call of the apply step that may still take effect while this rollback step undoes it. */
export function findForwardDoubt(step: WriteStep, plan: Plan, events: readonly RunEvent[]): Doubt | null {
  const forward = plan.steps.find((s) => s.id === step.undoes);
  return forward?.kind === 'write' ? findDoubt(forward, events, 'apply') : null;
}

/**
 * Returns whether a rollback step has a change of ours to undo: its apply step may be in effect because of this run. A
 * state that was in effect before any call of ours could have caused it belongs to someone else.
 */
export function hasOursToUndo(step: WriteStep, plan: Plan, events: readonly RunEvent[]): boolean {
  const forward = plan.steps.find((s) => s.id === step.undoes);
  if (forward?.kind !== 'write') return false;
  const done = doneEvent(events, 'apply', forward.id);
  if (done?.type === 'stepDone') return done.outcome !== 'already';
  return findDoubt(forward, events, 'apply') !== null;
}

/**
 * Returns whether no later step of the list has been done, or may be in effect, on the same object: the object must
 * then still be as this step left it.
 */
export function isLastDone(
  step: WriteStep,
  steps: readonly Step[],
  events: readonly RunEvent[],
  direction: Direction,
): boolean {
  const key = objectKey(step.object);
  const later = steps.slice(steps.indexOf(step) + 1);
  return !later.some(
    (other) =>
      other.kind === 'write' &&
      objectKey(other.object) === key &&
      (doneEvent(events, direction, other.id) !== undefined || findDoubt(other, events, direction) !== null),
  );
}
