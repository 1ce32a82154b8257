import type { WriteReceipt } from '@/lib/cloud/port';
import { objectKey } from '@/lib/estate/object';
import { ownerOf } from '@/lib/estate/owner';
import type { Plan, Step, StepId, WriteStep } from '@/lib/plan/model';
import type { Direction, RunEvent } from './model';

/** What the journal tells of earlier lives and attempts. Pure; events in the order in which they were written. */

type StepEvent = Extract<RunEvent, { stepId: StepId | null }>;

function eventsOf(events: readonly RunEvent[], direction: Direction, stepId: StepId): readonly StepEvent[] {
  return events.filter(
    (e): e is StepEvent => 'stepId' in e && e.direction === direction && e.stepId === stepId,
  );
}

/** How a step ended, if it has, in any attempt. */
export function doneEvent(events: readonly RunEvent[], direction: Direction, stepId: StepId) {
  return eventsOf(events, direction, stepId).findLast((e) => e.type === 'stepDone');
}

/** The events of one attempt: what was probed in an earlier one says nothing about now. */
export function sinceStart(events: readonly RunEvent[], attempt: number): readonly RunEvent[] {
  const start = events.findIndex((e) => e.type === 'started' && e.attempt === attempt);
  return start < 0 ? [] : events.slice(start);
}

/** The load balancer that a step has made, by what its newest accepted call answered; undefined where none has. */
export function createdLoadBalancer(step: WriteStep, events: readonly RunEvent[]): string | undefined {
  const accepted = eventsOf(events, 'apply', step.id).findLast((e) => e.type === 'accepted');
  return accepted?.loadBalancerId;
}

/** Calls whose outcome was never written down. */
export type Doubt = {
  /** Of the last one that the cloud had accepted, if it had any. */
  readonly receipt: WriteReceipt | null;
  /** Whether another one, whose answer is not known, was sent after that. */
  readonly isOpen: boolean;
};

function receiptOf(doubt: Doubt | null): WriteReceipt | null {
  return doubt?.receipt ?? null;
}

/**
 * The last call of a step that may be in effect without our knowing. A later call that the cloud refused before acting
 * says nothing about an earlier one, so the doubt about that one stays.
 */
export function findDoubt(step: WriteStep, events: readonly RunEvent[], direction: Direction): Doubt | null {
  let doubt: Doubt | null = null;
  let before: Doubt | null = null;
  for (const event of eventsOf(events, direction, step.id)) {
    if (event.type === 'intent') {
      before = doubt;
      // A task of an earlier call may still run: it is waited for, too.
      doubt = { receipt: receiptOf(before), isOpen: true };
    } else if (event.type === 'accepted') {
      const { requestId, taskId } = event;
      const own = 'loadBalancerId' in step.object ? step.object.loadBalancerId : null;
      const loadBalancerId = event.loadBalancerId ?? own;
      const { action, region } = step.call;
      const owned = ownerOf(step.object);
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

/** A call of the forward step that may still take effect while this step of the way back undoes it. */
export function findForwardDoubt(step: WriteStep, plan: Plan, events: readonly RunEvent[]): Doubt | null {
  const forward = plan.steps.find((s) => s.id === step.undoes);
  return forward?.kind === 'write' ? findDoubt(forward, events, 'apply') : null;
}

/**
 * Whether a step of the way back has something of ours to undo: its forward step may be in effect by our doing. What was
 * found in effect before anything of ours could have caused it belongs to somebody else.
 */
export function hasOursToUndo(step: WriteStep, plan: Plan, events: readonly RunEvent[]): boolean {
  const forward = plan.steps.find((s) => s.id === step.undoes);
  if (forward?.kind !== 'write') return false;
  const done = doneEvent(events, 'apply', forward.id);
  if (done?.type === 'stepDone') return done.outcome !== 'already';
  return findDoubt(forward, events, 'apply') !== null;
}

/**
 * Whether no later step of the list has been done, or may be in effect, on the same object: then the object must still be
 * as this one left it.
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
