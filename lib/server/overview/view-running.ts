import type { NextEventView, RetryNeed, RunningView } from '@/lib/contract/overview';
import { hasAcknowledgedOutage } from '@/lib/diversion/acknowledgement';
import type { Diversion } from '@/lib/diversion/diversion';
import { listWaves } from '@/lib/diversion/routes';
import type { RunView, StepView } from '@/lib/run/model/model';
import { isOver } from '@/lib/run/model/run-effects';
import { currentSteps, type RunPhase, runPhases } from '@/lib/run/model/run-phases';

/**
 * Returns the intended share of the function in the traffic that a run moves, in %: that of the last move whose writes
 * are all complete. null before the first move of a Switch, because the plan doesn't contain the share at the start,
 * and during its rollback.
 */
export function getFunctionShare(
  run: Pick<RunView, 'apply' | 'rollback' | 'direction' | 'plan'>,
): number | null {
  const { diversion } = run.plan;
  const gained = getGainedShare(run, diversion);
  if (diversion.kind !== 'switch') return gained ?? 0;
  if (gained === null) return null;
  return diversion.toward === 'function' ? gained : 100 - gained;
}

type SharedRun = Pick<RunView, 'apply' | 'rollback' | 'direction'>;

/**
 * Returns the share of the gaining side; null = as before the run. With waves, the mean over all names: names whose
 * wave has not moved count as 0.
 */
function getGainedShare({ apply, rollback, direction }: SharedRun, diversion: Diversion): number | null {
  if (direction === 'rollback' && rollback.some((view) => view.step.phase === 'rollback' && isOver(view)))
    return null;
  const moves = apply.filter(({ step }) => step.phase === 'divert');
  const last = diversion.kind === 'switch' ? (diversion.ramp.at(-1)?.percent ?? 100) : 100;
  const waves = listWaves(diversion);
  if (waves.length === 0) return getShareOfMoves(moves, last);
  const shares = waves.map(({ names }, nth) => {
    const share = getShareOfMoves(
      moves.filter(({ step }) => step.wave === nth + 1),
      last,
    );
    return { count: names.length, share };
  });
  if (shares.every(({ share }) => share === null)) return null;
  const all = shares.reduce((sum, { count }) => sum + count, 0);
  return Math.round(shares.reduce((sum, { count, share }) => sum + count * (share ?? 0), 0) / all);
}

/**
 * Returns the share gained by names that move together; null = none has moved.
 * @param last the final share of their ramp, in %
 */
function getShareOfMoves(moves: readonly StepView[], last: number): number | null {
  let share: number | null = null;
  let isMoved = false;
  for (const view of moves) {
    if (view.step.kind === 'bake') {
      if (view.step.percent !== null && isMoved) share = view.step.percent;
    } else if (view.step.kind === 'write') {
      if (!isOver(view)) return share;
      isMoved = true;
    }
  }
  return isMoved ? last : share;
}

/** Returns the next event of a run in progress; null = it has ended or is stopped. */
export function getNextEvent(run: RunView): NextEventView | null {
  const steps = currentSteps(run);
  const findStep = (id: string) => steps.find((view) => view.step.id === id)?.step ?? null;
  switch (run.state) {
    case 'queued':
      return { kind: 'worker' };
    case 'missed':
      return { kind: 'decision' };
    case 'paused':
      return { kind: 'resume' };
    case 'retrying':
      return { kind: 'retry', step: findStep(run.retrying.stepId), since: run.retrying.since };
    case 'scheduled':
    case 'ready':
    case 'diverted':
      return run.gate === null ? null : { kind: run.gate.gate, at: run.gate.due };
    case 'applying':
    case 'baking':
    case 'rollingBack': {
      const waiting = steps.find((view) => view.state === 'waiting');
      if (waiting?.state === 'waiting') return { kind: 'wait', step: waiting.step, at: waiting.waitingUntil };
      const current = steps.find((view) => view.state === 'running') ?? steps.find((view) => !isOver(view));
      return current === undefined ? null : { kind: 'step', step: current.step };
    }
    default:
      return null;
  }
}

/** Returns the current phase of a run: between two phases, the next one; null = none has started. */
function findPhase(phases: readonly RunPhase[]): RunPhase | null {
  const current = phases.find(({ state }) => state === 'live' || state === 'failed');
  if (current !== undefined) return current;
  return phases.some(({ state }) => state === 'done')
    ? (phases.find(({ state }) => state === 'todo') ?? null)
    : null;
}

/** Returns the retries of a run that need attention; null = none do. */
function getRetryNeed(run: RunView): RetryNeed | null {
  if (run.state !== 'retrying' || !run.retrying.isLong) return null;
  const { stepId, cause, since, attempt, until } = run.retrying;
  const step = currentSteps(run).find((view) => view.step.id === stepId)?.step;
  return {
    kind: 'retrying',
    runId: run.id,
    name: run.name,
    direction: run.direction,
    stepId,
    action: step?.kind === 'write' ? step.call.action : null,
    code: cause.kind === 'cloudError' ? cause.error.code : null,
    since,
    attempt: attempt ?? 1,
    until,
  };
}

/** Returns a run in progress as shown on the overview. */
export function viewRunning(
  run: RunView,
  names: Pick<RunningView, 'diversionId' | 'connectionName'>,
): RunningView {
  const { diversion } = run.plan;
  const steps = currentSteps(run);
  return {
    ...names,
    runId: run.id,
    name: run.name,
    domains: [...new Set(diversion.routes.map(({ domain }) => domain))],
    state: run.state,
    hasOutage: hasAcknowledgedOutage(diversion),
    direction: run.direction,
    phase: findPhase(runPhases(run)),
    done: steps.filter(isOver).length,
    all: steps.length,
    functionShare: getFunctionShare(run),
    next: getNextEvent(run),
    retry: getRetryNeed(run),
    zone: run.cutover?.zone ?? null,
  };
}
