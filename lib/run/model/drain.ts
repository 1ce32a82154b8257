import type { DrainStep, Plan, Step, WriteStep } from '@/lib/plan/model/model';
import { doneEvent, findDoubt } from './history';
import type { RunEvent } from './model';

/** Returns whether a write moves a name, on apply or rollback; a change of only the TTL moves no client. */
export function movesName(step: Step): step is WriteStep {
  const isDns = step.kind === 'write' && step.object.kind === 'recordSet';
  return isDns && (step.phase === 'divert' || step.phase === 'rollback');
}

/**
 * Returns the maximum time for which an answer of the diversion may be cached, in seconds: longer than the plan's drain
 * if the move was permanent and its old TTL was restored.
 */
export function servedTtlS(plan: Plan, step: DrainStep, events: readonly RunEvent[]): number {
  const { oldTtlS, restoredTtlS = 0 } = step;
  const mayBeServed = plan.steps.some(
    (each) =>
      each.kind === 'write' &&
      each.phase === 'drain' &&
      (doneEvent(events, 'apply', each.id) !== undefined || findDoubt(each, events, 'apply') !== null),
  );
  return mayBeServed ? Math.max(oldTtlS, restoredTtlS) : oldTtlS;
}

/** Returns the steps that roll DNS back; after them it must stay unchanged until everything is unbound. */
export function listDnsRollbackSteps(plan: Plan): readonly WriteStep[] {
  return plan.rollback.filter(movesName);
}

/**
 * Returns the time when a run was last stopped because of a foreign DNS change: until then, answers of the diversion may
 * have been served.
 */
function lastForeignDnsChange(events: readonly RunEvent[]): number {
  const stopped = events.findLast(
    (e) =>
      e.type === 'stopped' &&
      e.direction === 'rollback' &&
      e.reason.kind === 'drift' &&
      e.reason.object.kind === 'recordSet',
  );
  return stopped === undefined ? 0 : Date.parse(stopped.at);
}

/** Returns whether a wait that an earlier attempt completed still counts: not if DNS was changed by others since. */
export function isDrained(step: DrainStep, events: readonly RunEvent[]): boolean {
  const done = doneEvent(events, 'rollback', step.id);
  return done !== undefined && Date.parse(done.at) > lastForeignDnsChange(events);
}

/**
 * Returns the instant when all answers and connections of the diversion have expired. Counted from the rollback of DNS,
 * across attempts; from now, if DNS was changed by others since.
 * @returns the instant, or null if the plan moves DNS but it never moved: then no client was moved and there is nothing
 * to wait for
 */
export function drainedAt(plan: Plan, step: DrainStep, events: readonly RunEvent[], now: Date): Date | null {
  const forward = plan.steps.filter(movesName);
  const wasMoved = forward.some(
    (s) => doneEvent(events, 'apply', s.id) !== undefined || findDoubt(s, events, 'apply') !== null,
  );
  const foreignAt = lastForeignDnsChange(events);
  if (forward.length > 0 && !wasMoved && foreignAt === 0) return null;
  const backAt = listDnsRollbackSteps(plan).flatMap((s) => {
    const done = doneEvent(events, 'rollback', s.id);
    return done === undefined ? [] : [Date.parse(done.at)];
  });
  const from = backAt.length === 0 || foreignAt > Math.max(...backAt) ? now.getTime() : Math.max(...backAt);
  return new Date(from + (servedTtlS(plan, step, events) + step.keepAliveS) * 1000);
}
