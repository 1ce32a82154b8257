import { prewarmAt } from '@/lib/diversion/cutover-times';
import type { Phase } from '@/lib/diversion/phase';
import type { Plan, Step } from '@/lib/plan/model/model';
import type { Direction, RunState, RunView, StepView } from './model';

/** `cut`: the run started its rollback, or was left as is, before the part was done. */
export type RampState = 'todo' | 'live' | 'done' | 'failed' | 'cut';

/** A part of a diversion on its ramp: prewarm, each share, rollback and drain. Instants are ISO. */
export type RampPart = {
  /** Of its first step. A verification that follows a move belongs to that move. */
  readonly phase: Phase;
  /** The share of the function in %, in the traffic of the moving names; null = as before the run. */
  readonly percent: number | null;
  /** The wave that moves, from 1; null = all names do. */
  readonly wave: number | null;
  /** The direction of its steps: a permanent move drains, and so does its rollback. */
  readonly direction: Direction;
  readonly state: RampState;
  readonly startedAt: string | null;
  /** The scheduled start; null = it starts when the part before it has ended. */
  readonly dueAt: string | null;
  /** The scheduled end: of the last share, T1. */
  readonly untilAt: string | null;
  /** In ms. */
  readonly forecastMs: number;
};

/** A step with the part of its progress that the ramp shows. */
type RampStep = { readonly step: Step } & Partial<Pick<StepView, 'state' | 'startedAt'>>;

type RampRun = Pick<RunView, 'cutover' | 'direction' | 'state'> & {
  readonly plan: Pick<Plan, 'diversion'>;
  readonly apply: readonly RampStep[];
  readonly rollback: readonly RampStep[];
  readonly stopped: { readonly stepId: string | null } | null;
  readonly rollbackReason: RunView['rollbackReason'];
};

/** Returns the ramp of a plan that has no run. */
export function listPlanRamp(plan: Pick<Plan, 'diversion' | 'steps' | 'rollback'>): readonly RampPart[] {
  const asSteps = (steps: readonly Step[]) => steps.map((step) => ({ step }));
  const run: RampRun = {
    plan,
    apply: asSteps(plan.steps),
    rollback: asSteps(plan.rollback),
    cutover: null,
    direction: 'apply',
    state: 'queued',
    stopped: null,
    rollbackReason: null,
  };
  return [...listParts(run, 'apply'), ...listParts(run, 'rollback')];
}

/** Returns the ramp of a run in order. The rollback is left out while it is neither scheduled nor started. */
export function listRamp(run: RampRun): readonly RampPart[] {
  const goesBack = (run.cutover?.t1 ?? null) !== null || run.direction === 'rollback';
  return [...listParts(run, 'apply'), ...(goesBack ? listParts(run, 'rollback') : [])];
}

type StepGroup = { readonly steps: RampStep[]; readonly phase: Phase; readonly wave: number | null };

/** Groups the steps of a direction: a move ends with its bake, and with waves each wave is one move. */
function groupParts(steps: readonly RampStep[]): readonly StepGroup[] {
  const groups: StepGroup[] = [];
  for (const each of steps) {
    const { phase, wave = null } = each.step;
    const last = groups.at(-1);
    const isNextShare = wave === null && last?.phase === 'divert' && last.steps.at(-1)?.step.kind === 'bake';
    const continues =
      last !== undefined &&
      !(isNextShare && phase === 'divert') &&
      ((last.phase === phase && (phase !== 'divert' || last.wave === wave)) ||
        (last.phase === 'divert' && phase === 'verify'));
    if (continues) last.steps.push(each);
    else groups.push({ steps: [each], phase, wave });
  }
  return groups;
}

function listParts(run: RampRun, direction: Direction): readonly RampPart[] {
  const groups = groupParts(run[direction]);
  const lastMove = groups.findLastIndex(({ phase }) => phase === 'divert');
  const t1 = run.cutover?.t1 ?? null;
  return groups.map(({ steps, phase, wave }, index) => {
    const isLast = index === lastMove && t1 !== null;
    const state = findState(run, direction, steps);
    return {
      phase,
      wave: phase === 'divert' ? wave : null,
      direction,
      percent: phase === 'divert' ? getPercent(run, steps, wave) : null,
      state: isLast && state === 'done' ? stateUntilT1(run) : state,
      startedAt: steps.find((view) => view.startedAt)?.startedAt ?? null,
      dueAt: index === 0 || groups[index - 1]?.phase !== phase ? getDueTime(phase, run) : null,
      untilAt: isLast ? t1 : null,
      forecastMs: steps.reduce((sum, { step }) => sum + step.forecastMs, 0),
    };
  });
}

/** Returns the function's share once a move is done. */
function getPercent({ plan }: RampRun, steps: readonly RampStep[], wave: number | null): number {
  const { diversion } = plan;
  if (diversion.kind !== 'switch') return 100;
  const end = diversion.ramp.at(-1)?.percent ?? 100;
  const bake = steps.at(-1)?.step;
  const gained = wave === null && bake?.kind === 'bake' ? (bake.percent ?? end) : end;
  return diversion.toward === 'function' ? gained : 100 - gained;
}

function getDueTime(phase: Phase, { cutover }: RampRun): string | null {
  if (cutover === null) return null;
  if (phase === 'prewarm') return prewarmAt(cutover).toISOString();
  if (phase === 'divert') return cutover.t0;
  return phase === 'rollback' ? cutover.t1 : null;
}

const ended: readonly RunState[] = ['stopped', 'closed'];

function findState(run: RampRun, direction: Direction, steps: readonly RampStep[]): RampState {
  const isDone = ({ state }: RampStep) => state === 'done' || state === 'skipped';
  const over = steps.filter(isDone).length;
  if (over === steps.length) return 'done';
  if (direction !== run.direction) return direction === 'apply' ? 'cut' : 'todo';
  const stoppedHere = ended.includes(run.state) && steps.some(({ step }) => step.id === run.stopped?.stepId);
  if (stoppedHere || steps.some(({ state }) => state === 'failed')) return 'failed';
  if (run.state === 'closed') return steps.some(({ startedAt }) => startedAt) ? 'cut' : 'todo';
  return over > 0 || steps.some(({ state }) => state === 'running' || state === 'waiting') ? 'live' : 'todo';
}

/** Returns the state of the last share, whose steps are done, until T1. */
function stateUntilT1({ direction, rollbackReason, state, apply }: RampRun): RampState {
  if (direction === 'rollback') return rollbackReason?.why.kind === 'T1' ? 'done' : 'cut';
  const isThrough = apply.every((view) => view.state === 'done' || view.state === 'skipped');
  if (!isThrough) return 'live';
  return ended.includes(state) ? 'failed' : 'live';
}

/** Returns the steps of the run's current direction. */
export function currentSteps(run: RunView): readonly StepView[] {
  return run.direction === 'apply' ? run.apply : run.rollback;
}
