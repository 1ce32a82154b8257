import type { Plan, Step, StepId } from '@/lib/plan/model';
import type { Direction, RunEvent, RunState, RunView, StepState, StepView } from './model';

/** One go at a run in one direction; a retry or a revert is another. */
export type RunAttempt = {
  readonly attempt: number;
  readonly direction: Direction;
  readonly actor: string;
  /** ISO instant. */
  readonly requestedAt: string;
};

export type RunRecord = {
  readonly id: string;
  readonly planId: string;
  readonly plan: Plan;
  /** As it was when the plan was stored; what runs must still have it. */
  readonly planHash: string;
  readonly connectionKind: RunView['connectionKind'];
  /** In order; the first is the apply that made the run. */
  readonly attempts: readonly RunAttempt[];
  readonly events: readonly RunEvent[];
};

type StepEvent = Extract<RunEvent, { stepId: StepId | null }>;

const stateOnEvent: Readonly<Record<StepEvent['type'], StepState>> = {
  intent: 'running',
  accepted: 'running',
  callFailed: 'running',
  probed: 'running',
  waiting: 'waiting',
  stepDone: 'done',
  held: 'failed',
};

/** A hold that an operator asked for stops before the step: nothing of it was done. */
function wasOnlyAsked(event: StepEvent): boolean {
  return event.type === 'held' && event.reason.kind === 'asked';
}

/** The events since a person last had to decide: times of an earlier try would mislead. */
function inLastTry(events: readonly StepEvent[]): readonly StepEvent[] {
  const lastMove = events.findLastIndex((e) => e.type !== 'held');
  const lastHold = events.slice(0, Math.max(0, lastMove)).findLastIndex((e) => e.type === 'held');
  return events.slice(lastHold + 1);
}

function foldStep(step: Step, events: readonly StepEvent[]): StepView {
  const last = events.at(-1);
  const done = events.findLast((e) => e.type === 'stepDone');
  const failure = events.findLast((e) => e.type === 'callFailed');
  const waiting = events.findLast((e) => e.type === 'waiting');
  const probed = events.findLast((e) => e.type === 'probed');
  const requestIds = events.flatMap((e) => {
    if (e.type === 'accepted') return [e.requestId];
    return e.type === 'callFailed' && e.error.requestId !== null ? [e.error.requestId] : [];
  });
  const state = last === undefined || wasOnlyAsked(last) ? 'todo' : stateOnEvent[last.type];
  return {
    step,
    state: done?.outcome === 'already' || done?.outcome === 'notOurs' ? 'skipped' : state,
    startedAt: inLastTry(events)[0]?.at ?? null,
    durationMs: done?.durationMs ?? null,
    requestIds: [...new Set(requestIds)],
    outcome: done?.outcome ?? null,
    attempts: events.filter((e) => e.type === 'intent').length,
    waitingUntil: state === 'waiting' ? (waiting?.until ?? null) : null,
    error: state === 'done' ? null : (failure?.error ?? null),
    probe: probed?.answer ?? null,
  };
}

function foldSteps(steps: readonly Step[], events: readonly RunEvent[], direction: Direction): StepView[] {
  const mine = events.filter((e): e is StepEvent => e.direction === direction && 'stepId' in e);
  return steps.map((step) =>
    foldStep(
      step,
      mine.filter((e) => e.stepId === step.id),
    ),
  );
}

/** What ended an attempt, as far as its run's state depends on it. */
export type AttemptEnd =
  | Pick<Extract<RunEvent, { type: 'held' | 'closed' }>, 'type'>
  | Pick<Extract<RunEvent, { type: 'finished' }>, 'type' | 'result'>;

/** Where a run stands by its newest attempt: its direction, whether it has started, and what ended it last. */
export function stateOf(direction: Direction, started: boolean, end: AttemptEnd | undefined): RunState {
  if (!started) return 'queued';
  if (end?.type === 'held') return 'held';
  if (end?.type === 'finished') return end.result;
  if (end?.type === 'closed') return 'closed';
  return direction === 'apply' ? 'applying' : 'reverting';
}

/**
 * Folds a run's record into what the page shows. Events that were written twice (a crash between writing and
 * noting that it was written) change nothing.
 */
export function foldRun(run: RunRecord): RunView {
  const attempt = run.attempts.at(-1);
  const direction = attempt?.direction ?? 'apply';
  const startIndex = run.events.findIndex((e) => e.type === 'started' && e.attempt === attempt?.attempt);
  const current = startIndex < 0 ? [] : run.events.slice(startIndex);
  const end = current.findLast((e) => e.type === 'held' || e.type === 'finished' || e.type === 'closed');
  // A closed run still says why it was held.
  const held = end?.type === 'finished' ? undefined : current.findLast((e) => e.type === 'held');
  return {
    id: run.id,
    planId: run.planId,
    name: run.plan.diversion.name,
    connectionId: run.plan.connectionId,
    connectionKind: run.connectionKind,
    state: stateOf(direction, startIndex >= 0, end),
    direction,
    actor: attempt?.actor ?? '',
    startedAt: current[0]?.at ?? run.events[0]?.at ?? null,
    endedAt: end?.at ?? null,
    apply: foldSteps(run.plan.steps, run.events, 'apply'),
    revert: foldSteps(run.plan.revert, run.events, 'revert'),
    held: held ? { at: held.at, stepId: held.stepId, reason: held.reason } : null,
    plan: run.plan,
  };
}
