import type { Cutover, Guard } from '@/lib/diversion/cutover';
import { staysMoved } from '@/lib/diversion/cutover-times';
import { unreachable } from '@/lib/invariant';
import type { Plan, PlanId, Step, StepId } from '@/lib/plan/model/model';
import type {
  Direction,
  RunEvent,
  RunState,
  RunStateView,
  RunView,
  Sample,
  StepView,
  StopReason,
} from './model';
import { attentionAfterMs } from './retry';
import type { RunId } from './run-id';

/** One attempt of a run in one direction; a retry or a rollback is a new attempt. */
export type RunAttempt = {
  readonly attempt: number;
  readonly direction: Direction;
  /** For display. */
  readonly actor: string;
  /** The account whose rights the attempt needs; null = not a person: then they are those of `actor`. */
  readonly accountId?: string | null;
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
  /** The guards of its schedule, or those of the policy when it was applied at once. */
  readonly guards: readonly Guard[];
  readonly connectionKind: RunView['connectionKind'];
  /** In order; the first is the apply that created the run. */
  readonly attempts: readonly RunAttempt[];
  readonly events: readonly RunEvent[];
};

/** An executable run. */
export type StoredRun = RunRecord & {
  /** True if its plan has the reviewed hash; required for it to run. */
  readonly isIntact: boolean;
};

type StepEvent = Extract<RunEvent, { stepId: StepId | null }>;

/** Returns the events since an operator last had to decide: times of an earlier try would mislead. */
function inLastAttempt(events: readonly StepEvent[]): readonly StepEvent[] {
  const isStop = ({ type }: StepEvent) => type === 'stopped' || type === 'blocked';
  const lastMove = events.findLastIndex((e) => !isStop(e));
  const lastStop = events.slice(0, Math.max(0, lastMove)).findLastIndex(isStop);
  return events.slice(lastStop + 1);
}

/** Returns whether the call of a step with this stop reason may be in effect. */
function mayBeApplied(reason: StopReason, wasSent: boolean): boolean {
  switch (reason.kind) {
    case 'cloudError':
      return !reason.settled;
    // The cloud accepted the call, and the object reads differently.
    case 'notEffective':
    case 'internal':
      return wasSent;
    case 'drift':
    case 'probeFailed':
    case 'guard':
    case 'invalid':
      return false;
    default:
      return unreachable(reason);
  }
}

function foldStep(step: Step, events: readonly StepEvent[]): StepView {
  const done = events.findLast((e) => e.type === 'stepDone');
  // A completed step stays completed, even if a later read differs.
  const newest = events.at(-1);
  const isStopped = newest?.type === 'stopped' || newest?.type === 'blocked';
  const last = done !== undefined && !isStopped ? done : newest;
  const requestIds = events.flatMap((e) => {
    if (e.type === 'accepted') return [e.requestId];
    return e.type === 'callFailed' && e.error.requestId !== null ? [e.error.requestId] : [];
  });
  const facts = {
    step,
    requestIds: [...new Set(requestIds)],
    attempts: events.filter((e) => e.type === 'intent').length,
    probe: events.findLast((e) => e.type === 'probed')?.answer ?? null,
    gap: events.findLast((e) => e.type === 'baked')?.gap ?? null,
  };
  const nothing = {
    startedAt: null,
    waitingUntil: null,
    error: null,
    durationMs: null,
    outcome: null,
    keptWeights: null,
    mayBeApplied: null,
  };
  if (last === undefined) return { ...facts, ...nothing, state: 'todo' };
  const begun = { ...facts, ...nothing, startedAt: inLastAttempt(events)[0]?.at ?? last.at };
  if (last.type === 'stepDone') {
    const { outcome, durationMs, keptWeights = [] } = last;
    const state = outcome === 'already' || outcome === 'notOurs' ? 'skipped' : 'done';
    return { ...begun, state, outcome, durationMs, keptWeights };
  }
  switch (last.type) {
    case 'stopped':
    case 'blocked':
      return { ...begun, state: 'failed', mayBeApplied: mayBeApplied(last.reason, facts.attempts > 0) };
    case 'waiting':
    case 'baking':
      return { ...begun, state: 'waiting', waitingUntil: last.until };
    case 'bakeSkipped': {
      const bake = events.findLast((e) => e.type === 'baking');
      return { ...begun, state: 'waiting', waitingUntil: bake?.until ?? last.at };
    }
    default: {
      const failure = events.findLast((e) => e.type === 'callFailed');
      return { ...begun, state: 'running', error: failure?.error ?? null };
    }
  }
}

/** @param isOver true if the run executes nothing more in this direction */
function foldSteps(
  steps: readonly Step[],
  events: readonly RunEvent[],
  direction: Direction,
  isOver: boolean,
): StepView[] {
  const mine = events.filter((e): e is StepEvent => e.direction === direction && 'stepId' in e);
  return steps.map((step) => {
    const view = foldStep(
      step,
      mine.filter((e) => e.stepId === step.id),
    );
    return isOver ? stopStep(view) : view;
  });
}

/** Returns a step of a direction in which the run executes nothing more. */
function stopStep(view: StepView): StepView {
  switch (view.state) {
    case 'todo':
      return { ...view, state: 'notRun' };
    case 'running':
    case 'waiting':
      return { ...view, state: 'interrupted', waitingUntil: null, error: null };
    case 'done':
    case 'skipped':
    case 'failed':
    case 'interrupted':
    case 'notRun':
      return view;
    default:
      return unreachable(view);
  }
}

/** The events that determine the state of a run; the index of state events contains only these. */
export const stateEventTypes = [
  'started',
  'gate',
  'passed',
  'missed',
  'paused',
  'continued',
  'baking',
  'baked',
  'retrying',
  'recovered',
  'rollback',
  'stopped',
  'finished',
  'closed',
] as const satisfies readonly RunEvent['type'][];
type StateEvent = Extract<RunEvent, { type: (typeof stateEventTypes)[number] }>;

/** Returns whether an event determines the state of a run. */
export function isStateEvent(event: RunEvent): event is StateEvent {
  return (stateEventTypes as readonly string[]).includes(event.type);
}

const gateStates = { prewarm: 'scheduled', T0: 'ready', T1: 'diverted' } as const;

/** Returns the state of a run after the last event of its newest attempt; undefined = that attempt has not started. */
export function getRunState(last: StateEvent | undefined): RunState {
  return foldState(last, last === undefined ? [] : [last]).state;
}

/** @param current the events of the newest attempt; `last` is the last of them that determines the state */
function foldState(last: StateEvent | undefined, current: readonly RunEvent[]): RunStateView {
  const nothing = { gate: null, retrying: null, stoppedBy: null, stopped: null, endedAt: null };
  if (last === undefined) return { ...nothing, state: 'queued' };
  const passing = current.findLast((e) => e.type === 'gate' || e.type === 'passed' || e.type === 'rollback');
  const gate = passing?.type === 'gate' ? { gate: passing.gate, due: passing.due } : null;
  switch (last.type) {
    case 'gate':
      return { ...nothing, state: gateStates[last.gate], gate };
    case 'missed':
      return { ...nothing, state: 'missed', gate };
    case 'paused': {
      const { at, actor, reason, by } = last;
      const stoppedBy = { at, actor, reason, isStop: by === 'emergencyStop' };
      return { ...nothing, state: 'paused', gate, stoppedBy };
    }
    case 'retrying': {
      const { at, stepId, cause, since, everyMs, attempt = null, until = null } = last;
      const isLong = Date.parse(at) - Date.parse(since) >= attentionAfterMs;
      const retrying = { stepId, cause, since, everyMs, attempt, until, isLong };
      return { ...nothing, state: 'retrying', retrying };
    }
    case 'stopped':
      return { ...nothing, state: 'stopped', gate, stopped: pickStop(last, current), endedAt: last.at };
    case 'closed': {
      const { at, actor, reason = '' } = last;
      const ended = {
        ...nothing,
        state: last.type,
        stoppedBy: { at, actor, reason, isStop: false },
        endedAt: at,
      };
      const stopped = current.findLast((e) => e.type === 'stopped');
      return stopped === undefined ? ended : { ...ended, stopped: pickStop(stopped, []) };
    }
    case 'finished':
      return { ...nothing, state: last.result, endedAt: last.at };
    case 'continued': {
      const { state } = last;
      const isWaiting = state !== 'applying' && state !== 'baking' && state !== 'rollingBack';
      return isWaiting ? { ...nothing, state, gate } : { ...nothing, state };
    }
    case 'baking':
      return { ...nothing, state: 'baking' };
    case 'rollback':
      return { ...nothing, state: 'rollingBack' };
    case 'started':
    case 'passed':
    case 'baked':
    case 'recovered':
      return { ...nothing, state: last.direction === 'apply' ? 'applying' : 'rollingBack' };
    default:
      return unreachable(last);
  }
}

/** Returns a stop; one of a rollback that is tried again has the error of the last try. */
function pickStop(stopped: Extract<RunEvent, { type: 'stopped' }>, current: readonly RunEvent[]) {
  const { at, stepId, reason } = stopped;
  const blocked = current.slice(current.lastIndexOf(stopped)).findLast((e) => e.type === 'blocked');
  if (blocked === undefined) return { at, stepId, reason };
  const { tries, retryAt } = blocked;
  return { at, stepId, reason: blocked.reason, retry: { tries, at: retryAt } };
}

/**
 * Returns the events of the newest attempt. An attempt that failed with an internal error before it could start has
 * only its stop, which is then the state of the run.
 */
function ofNewest(run: RunRecord): readonly RunEvent[] {
  const attempt = run.attempts.at(-1)?.attempt;
  const start = run.events.findIndex((e) => e.type === 'started' && e.attempt === attempt);
  if (start >= 0) return run.events.slice(start);
  const last = run.events.at(-1);
  const startedBefore = run.events.filter((e) => e.type === 'started').length;
  const isBare = last?.type === 'stopped' || last?.type === 'closed';
  return isBare && startedBefore === 0 ? [last] : [];
}

/** The number of rounds sent to a page: enough for a line of one point per pixel or two. */
const samplesShown = 360;

function pickType<T extends RunEvent['type']>(events: readonly RunEvent[], type: T) {
  return events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
}

/** Downsamples the older rounds to every n-th, so that they fit; the newest is always included. */
function thinned(samples: readonly Sample[]): readonly Sample[] {
  const nth = Math.ceil(samples.length / samplesShown);
  return samples.filter((_, index) => (samples.length - 1 - index) % nth === 0);
}

/** Returns the lateness of the first call of the divert, by the run's clock. */
function getLateness(run: RunRecord): number | null {
  if (run.cutover === null) return null;
  const divert = new Set(run.plan.steps.flatMap((s) => (s.phase === 'divert' ? [s.id] : [])));
  const first = pickType(run.events, 'intent').find((e) => e.direction === 'apply' && divert.has(e.stepId));
  return first === undefined ? null : Date.parse(first.at) - Date.parse(run.cutover.t0);
}

/**
 * Folds a run's record into the page's view. Duplicate events (from a crash between writing and recording the write)
 * have no effect.
 */
export function foldRun(run: RunRecord): RunView {
  const steps = run.plan.steps.filter((step) => step.phase !== 'drain' || staysMoved(run.cutover));
  const left = new Set(run.plan.steps.filter((step) => !steps.includes(step)).map((step) => step.id));
  const rollback = run.plan.rollback.filter(
    (step) => !(step.kind === 'write' && step.undoes !== null && left.has(step.undoes)),
  );
  const attempt = run.attempts.at(-1);
  const current = ofNewest(run);
  const last = current.findLast(isStateEvent);
  const direction = last?.direction ?? attempt?.direction ?? 'apply';
  const folded = foldState(last, current);
  const begun = pickType(current, 'rollback').at(-1);
  const checked = pickType(current, 'checked').at(-1);
  return {
    id: run.id,
    planId: run.planId,
    name: run.plan.diversion.name,
    connectionId: run.plan.connectionId,
    connectionKind: run.connectionKind,
    direction,
    actor: attempt?.actor ?? '',
    startedAt: current[0]?.at ?? run.events[0]?.at ?? null,
    // A run with a T1 never reaches the steps for permanent moves.
    apply: foldSteps(steps, run.events, 'apply', direction === 'rollback' || folded.state === 'closed'),
    rollback: foldSteps(
      rollback,
      run.events,
      'rollback',
      direction === 'rollback' && folded.state === 'closed',
    ),
    ...folded,
    rollbackReason: begun ? { at: begun.at, why: begun.why } : null,
    latenessMs: getLateness(run),
    checked: checked ? { at: checked.at, problems: checked.problems } : null,
    refused: pickType(current, 'refused').map(({ at, command, actor, state }) => ({
      at,
      command,
      actor,
      state,
    })),
    samples: thinned(pickType(run.events, 'watched').map((e) => e.sample)),
    cutover: run.cutover,
    guards: run.guards,
    plan: run.plan,
  };
}
