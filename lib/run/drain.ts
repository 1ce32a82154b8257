import type { DrainStep, Plan, StepId } from '@/lib/plan/model';
import type { RunEvent } from './model';

/** Forward DNS steps of a plan, and the steps of the way back that undo them. */
function dnsSteps(plan: Plan): { forward: readonly StepId[]; back: readonly StepId[] } {
  const isDns = (step: Plan['steps'][number]) => step.kind === 'write' && step.object.kind === 'recordSet';
  return {
    forward: plan.steps.filter(isDns).map((step) => step.id),
    back: plan.revert.filter(isDns).map((step) => step.id),
  };
}

/**
 * When everything that may still hold an answer or a connection of the diversion has let go of it.
 * Counted from the moment at which DNS was back, also over several attempts.
 * @returns the instant, or null if the plan moved DNS but DNS was never touched: then nobody came and there is nothing
 *   to wait for.
 */
export function drainedAt(plan: Plan, step: DrainStep, events: readonly RunEvent[], now: Date): Date | null {
  const { forward, back } = dnsSteps(plan);
  const wasMoved = events.some(
    (e) => e.direction === 'apply' && e.type === 'intent' && forward.includes(e.stepId),
  );
  if (forward.length > 0 && !wasMoved) return null;
  const backAt = events.flatMap((e) =>
    e.direction === 'revert' && e.type === 'stepDone' && back.includes(e.stepId) ? [Date.parse(e.at)] : [],
  );
  const from = backAt.length > 0 ? Math.max(...backAt) : now.getTime();
  return new Date(from + (step.oldTtlS + step.keepAliveS) * 1000);
}

/** Whether an undoing step has nothing to undo: its forward step was never even begun. */
export function neverBegun(undoes: StepId | null, events: readonly RunEvent[]): boolean {
  if (undoes === null) return false;
  return !events.some((e) => e.direction === 'apply' && e.type === 'intent' && e.stepId === undoes);
}
