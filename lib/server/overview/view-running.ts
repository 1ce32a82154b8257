import type { NextEventView, RetryNeed, RunningView } from '@/lib/contract/overview';
import { hasAcknowledgedOutage } from '@/lib/diversion/acknowledgement';
import { getFunctionShare } from '@/lib/run/model/function-share';
import type { RunView } from '@/lib/run/model/model';
import { currentSteps } from '@/lib/run/model/ramp';
import { isOver } from '@/lib/run/model/run-effects';

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
  return {
    ...names,
    runId: run.id,
    name: run.name,
    domains: [...new Set(diversion.routes.map(({ domain }) => domain))],
    state: run.state,
    hasOutage: hasAcknowledgedOutage(diversion),
    direction: run.direction,
    functionShare: getFunctionShare(run),
    next: getNextEvent(run),
    retry: getRetryNeed(run),
    zone: run.cutover?.zone ?? null,
  };
}
