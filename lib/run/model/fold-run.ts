import { type Cutover, staysMoved } from '@/lib/diversion/cutover';
import { unreachable } from '@/lib/invariant';
import type { Plan, PlanId, Step, StepId } from '@/lib/plan/model/model';
import { foldClock } from './fold-clock';
import type { Direction, RunEvent, RunId, RunState, RunView, StepState, StepView } from './model';

/** One attempt of a run in one direction; a retry or a rollback is another. */
export type RunAttempt = {
  readonly attempt: number;
  readonly direction: Direction;
  readonly actor: string;
  /** The reason given with the request; empty = none. */
  readonly reason: string;
  /** ISO instant. */
  readonly requestedAt: string;
};

export type RunRecord = {
  readonly id: RunId;
  readonly planId: PlanId;
  readonly plan: Plan;
  readonly cutover: Cutover | null;
  readonly connectionKind: RunView['connectionKind'];
  /** In order; the first is the apply that created the run. */
  readonly attempts: readonly RunAttempt[];
  readonly events: readonly RunEvent[];
};

/** A run that may be executed. */
export type StoredRun = RunRecord & {
  /** True if its plan is the one that was reviewed, by its hash; required for it to run. */
  readonly isIntact: boolean;
};

type StepEvent = Extract<RunEvent, { stepId: StepId | null }>;

const stateOnEvent: Readonly<Record<StepEvent['type'], StepState>> = {
  intent: 'running',
  accepted: 'running',
  callFailed: 'running',
  probed: 'running',
  waiting: 'waiting',
  baking: 'waiting',
  bakeSkipped: 'waiting',
  retrying: 'running',
  recovered: 'running',
  baked: 'running',
  stepDone: 'done',
  held: 'failed',
};

/** Returns whether a hold was only requested: it stops before the step, and no part of it was done. */
function wasOnlyAsked(event: StepEvent): boolean {
  return event.type === 'held' && event.reason.kind === 'asked';
}

/** Returns the events since a person last had to decide: times of an earlier try would mislead. */
function inLastTry(events: readonly StepEvent[]): readonly StepEvent[] {
  const lastMove = events.findLastIndex((e) => e.type !== 'held');
  const lastHold = events.slice(0, Math.max(0, lastMove)).findLastIndex((e) => e.type === 'held');
  return events.slice(lastHold + 1);
}

function foldStep(step: Step, events: readonly StepEvent[]): StepView {
  const done = events.findLast((e) => e.type === 'stepDone');
  // A done step stays done, even if it is read again, whatever that read returns.
  const last = events.findLast(
    (e) => done === undefined || (e.type !== 'retrying' && e.type !== 'recovered'),
  );
  const failure = events.findLast((e) => e.type === 'callFailed');
  const waiting = events.findLast((e) => e.type === 'waiting' || e.type === 'baking');
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
    keptWeights: done?.keptWeights ?? [],
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

/** The events that determine the state of a run; the index of turns contains only these. */
export const turnTypes = [
  'started',
  'gate',
  'passed',
  'missed',
  'paused',
  'resumed',
  'baking',
  'baked',
  'retrying',
  'recovered',
  'turned',
  'held',
  'finished',
  'closed',
] as const satisfies readonly RunEvent['type'][];
type TurnEvent = Extract<RunEvent, { type: (typeof turnTypes)[number] }>;

/** Returns whether an event determines the state of a run. */
export function isTurn(event: RunEvent): event is TurnEvent {
  return (turnTypes as readonly string[]).includes(event.type);
}

const gateStates = { prewarm: 'scheduled', T0: 'ready', T1: 'holding' } as const;

/** Returns the state of a run after the last turn of its newest attempt; undefined = that attempt has not begun. */
export function getRunState(turn: TurnEvent | undefined): RunState {
  if (turn === undefined) return 'queued';
  switch (turn.type) {
    case 'gate':
      return gateStates[turn.gate];
    case 'missed':
      return 'asking';
    case 'paused':
    case 'baking':
    case 'retrying':
    case 'held':
    case 'closed':
      return turn.type;
    case 'resumed':
      return turn.state;
    case 'finished':
      return turn.result;
    case 'turned':
      return 'reverting';
    case 'started':
    case 'passed':
    case 'baked':
    case 'recovered':
      return turn.direction === 'apply' ? 'applying' : 'reverting';
    default:
      return unreachable(turn);
  }
}

/**
 * Returns the events of the newest attempt. An attempt that failed with an internal error before it could begin has
 * only its hold, which is then the state of the run.
 */
function ofNewest(run: RunRecord): readonly RunEvent[] {
  const attempt = run.attempts.at(-1)?.attempt;
  const start = run.events.findIndex((e) => e.type === 'started' && e.attempt === attempt);
  if (start >= 0) return run.events.slice(start);
  const last = run.events.at(-1);
  const startedBefore = run.events.filter((e) => e.type === 'started').length;
  const isBare = last?.type === 'held' || last?.type === 'closed';
  return isBare && startedBefore === 0 ? [last] : [];
}

/**
 * Folds a run's record into the page's view. Duplicate events (a crash between writing and recording the write) change
 * nothing.
 */
export function foldRun(run: RunRecord): RunView {
  const steps = run.plan.steps.filter((step) => step.phase !== 'drain' || staysMoved(run.cutover));
  const left = new Set(run.plan.steps.filter((step) => !steps.includes(step)).map((step) => step.id));
  const revert = run.plan.revert.filter(
    (step) => !(step.kind === 'write' && step.undoes !== null && left.has(step.undoes)),
  );
  const attempt = run.attempts.at(-1);
  const current = ofNewest(run);
  const turn = current.findLast(isTurn);
  const direction = turn?.direction ?? attempt?.direction ?? 'apply';
  const state = getRunState(turn);
  const isOver = turn?.type === 'held' || turn?.type === 'finished' || turn?.type === 'closed';
  // A closed run still shows why it was held.
  const held =
    state === 'held' || state === 'closed' ? current.findLast((e) => e.type === 'held') : undefined;
  return {
    id: run.id,
    planId: run.planId,
    name: run.plan.diversion.name,
    connectionId: run.plan.connectionId,
    connectionKind: run.connectionKind,
    state,
    direction,
    actor: attempt?.actor ?? '',
    startedAt: current[0]?.at ?? run.events[0]?.at ?? null,
    endedAt: isOver ? (turn?.at ?? null) : null,
    // A run with a T1 never reaches the steps for permanent moves.
    apply: foldSteps(steps, run.events, 'apply'),
    revert: foldSteps(revert, run.events, 'revert'),
    retrying:
      turn?.type === 'retrying'
        ? { stepId: turn.stepId, cause: turn.cause, since: turn.since, everyMs: turn.everyMs }
        : null,
    held: held ? { at: held.at, stepId: held.stepId, reason: held.reason } : null,
    ...foldClock(run, current, state),
    cutover: run.cutover,
    plan: run.plan,
  };
}
