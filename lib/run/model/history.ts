import type { WriteReceipt } from '@/lib/cloud/port';
import { objectKey } from '@/lib/estate/object-state';
import { getOwner } from '@/lib/estate/owner';
import type { Plan, Step, StepId, WriteStep } from '@/lib/plan/model/model';
import type { Direction, RunEvent } from './model';

/** Reads the journal of earlier processes and attempts. Pure; events are in the order in which they were written. */

type StepEvent = Extract<RunEvent, { stepId: StepId | null }>;

/** Returns whether an event is of a step. Without a copy of the journal: each step reads all of it several times. */
function isOfStep(event: RunEvent, direction: Direction, stepId: StepId): event is StepEvent {
  return event.direction === direction && 'stepId' in event && event.stepId === stepId;
}

/** Returns the end of a step, in any attempt, if it has ended. */
export function doneEvent(events: readonly RunEvent[], direction: Direction, stepId: StepId) {
  return events.findLast((event) => event.type === 'stepDone' && isOfStep(event, direction, stepId));
}

/** Returns the events of one attempt: a probe of an earlier attempt is outdated. */
export function sinceStart(events: readonly RunEvent[], attempt: number): readonly RunEvent[] {
  const start = events.findIndex((e) => e.type === 'started' && e.attempt === attempt);
  return start < 0 ? [] : events.slice(start);
}

/** The load balancer that a step has created, from its newest accepted call's response; undefined = none. */
export function createdLoadBalancer(step: WriteStep, events: readonly RunEvent[]): string | undefined {
  const accepted = events.findLast((event) => event.type === 'accepted' && isOfStep(event, 'apply', step.id));
  return accepted?.type === 'accepted' ? accepted.loadBalancerId : undefined;
}

/** Calls without a recorded outcome. */
export type Doubt = {
  /** The receipt of the last accepted call, if any. */
  readonly receipt: WriteReceipt | null;
  /** True if a later call was sent whose response is unknown. */
  readonly isOpen: boolean;
  /** When the last call failed with an unknown outcome, ISO; null = nothing is recorded after it was sent or accepted. */
  readonly failedAt: string | null;
};

function findReceipt(doubt: Doubt | null): WriteReceipt | null {
  return doubt?.receipt ?? null;
}

function markFailed(doubt: Doubt | null, failedAt: string): Doubt | null {
  return doubt === null ? null : { ...doubt, failedAt };
}

/**
 * Returns the last call of a step whose effect is unknown. A later call that the cloud rejected before acting doesn't
 * affect an earlier one, which stays unknown.
 */
export function findDoubt(step: WriteStep, events: readonly RunEvent[], direction: Direction): Doubt | null {
  let doubt: Doubt | null = null;
  let before: Doubt | null = null;
  for (const event of events) {
    if (!isOfStep(event, direction, step.id)) continue;
    if (event.type === 'intent') {
      before = doubt;
      // A task of an earlier call may still be running, so it is awaited, too.
      doubt = { receipt: findReceipt(before), isOpen: true, failedAt: null };
    } else if (event.type === 'accepted') {
      const { requestId, taskId } = event;
      const own = 'loadBalancerId' in step.object ? step.object.loadBalancerId : null;
      const loadBalancerId = event.loadBalancerId ?? own;
      const { action, region } = step.call;
      const owned = getOwner(step.object);
      const receipt = { action, requestId, taskId, region, loadBalancerId, ...owned };
      doubt = { receipt, isOpen: false, failedAt: null };
    } else if (event.type === 'callFailed' && !event.error.mayHaveHappened) {
      doubt = before;
    } else if (event.type === 'callFailed') {
      doubt = markFailed(doubt, event.at);
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
 * Returns whether a rollback step has a change of this run to undo: its apply step may be in effect because of this
 * run. A state that was in effect before any call of this run could have caused it is foreign.
 */
export function hasOursToUndo(step: WriteStep, plan: Plan, events: readonly RunEvent[]): boolean {
  const forward = plan.steps.find((s) => s.id === step.undoes);
  if (forward?.kind !== 'write') return false;
  const done = doneEvent(events, 'apply', forward.id);
  if (done?.type === 'stepDone') return done.outcome !== 'already';
  return findDoubt(forward, events, 'apply') !== null;
}

/**
 * Returns whether no later step of the list has been completed, or may be in effect, on the same object: the object
 * must then still be as this step left it.
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
