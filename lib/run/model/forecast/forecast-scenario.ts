import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { listShareChanges } from '@/lib/plan/event-scenario';
import type { NameWeights } from '@/lib/plan/share-stages';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import type { RunState } from '@/lib/run/model/model';
import { listShares, listStageTimes } from '@/lib/run/model/run-charts';

/* The capacity scenario of a run: its demand and limits, with the shares as the run has moved them and will. Pure. */

/** A scenario, and the second of its demand that T0 is at. */
export type ForecastBase = {
  readonly scenario: CapacityScenario;
  readonly t0S: number;
  /** The parts of the requests that the names get, by which a wave is weighed; absent = each the same. */
  readonly weights?: NameWeights;
};

/** Steps of a scenario at most: as many as a day has at 10 s. */
const stepsMax = 8640;
/** A run that stays in effect is forecast for this long after T0, in seconds. */
const longestS = 86_400;

/**
 * Returns T0 of a run in epoch ms: when it passed, when it is due, or when a run without a schedule has started; null
 * before that.
 */
export function findT0({ events, cutover }: Pick<RunRecord, 'events' | 'cutover'>): number | null {
  const passed = events.find((event) => event.type === 'passed' && event.gate === 'T0')?.at;
  const started = events.find((event) => event.type === 'started' && event.direction === 'apply')?.at;
  const at = passed ?? cutover?.t0 ?? started;
  return at === undefined ? null : Date.parse(at);
}

/** Returns the instant of T1 that still brings the traffic back; null = none. */
function findT1({ cutover }: RunRecord, state: RunState): number | null {
  if (cutover === null || cutover.t1 === null) return null;
  return state === 'rolledBack' || state === 'closed' ? null : Date.parse(cutover.t1);
}

type Change = CapacityScenario['traffic']['changes'][number];

/** Returns the changes in order, the last one of those at the same second. */
function inOrder(changes: readonly Change[]): Change[] {
  const bySecond = new Map(changes.map((change) => [Math.round(change.atS), change]));
  return [...bySecond].map(([atS, change]) => ({ ...change, atS })).toSorted((a, b) => a.atS - b.atS);
}

/**
 * Returns the planned changes that are left. A bake is counted from the last write of its share, so that a late share,
 * a pause or a skipped bake shifts all later ones.
 * @param doneAtS the times of the changes that were made
 */
function listLeft(planned: readonly Change[], doneAtS: readonly number[], nowS: number): readonly Change[] {
  const left = planned.slice(doneAtS.length);
  const [next] = left;
  const [before, doneS] = [planned[doneAtS.length - 1], doneAtS.at(-1)];
  if (next === undefined) return [];
  const delayS = before === undefined || doneS === undefined ? 0 : doneS - before.atS;
  const shiftS = Math.max(delayS, nowS - next.atS);
  return left.map((change) => ({ ...change, atS: change.atS + shiftS }));
}

/**
 * Returns the scenario of a run at a time: second 0 is that of its base, placed so that T0 is where the run has it. The
 * shares are those that the run has set, of all names together: a wave counts with its names. What is left of its ramp and
 * its waves follows as planned, and at T1 they return.
 * @param t0Ms T0 of the run, in epoch ms
 */
export function forecastScenario(
  { scenario, t0S, weights = {} }: ForecastBase,
  run: RunRecord,
  t0Ms: number,
  now: Date,
): CapacityScenario {
  const zeroMs = t0Ms - t0S * 1000;
  const toSecond = (ms: number) => (ms - zeroMs) / 1000;
  const nowS = toSecond(now.getTime());
  const { functionShare } = scenario.traffic;
  const planned = listShareChanges(run.plan, t0S, null, weights);
  const times = listStageTimes(run).map((at) => toSecond(Date.parse(at)));
  const done = times.map(
    (atS, stage): Change => ({
      atS,
      functionShare: planned[stage]?.functionShare ?? functionShare,
    }),
  );
  const undone = listShares(run, new Date(zeroMs).toISOString()).at(times.length + 1);
  if (undone !== undefined) done.push({ atS: toSecond(Date.parse(undone.at)), functionShare });
  const { state, direction } = foldRun(run);
  const isMoving = direction === 'apply' && !['stopped', 'done', 'rolledBack', 'closed'].includes(state);
  const left = isMoving ? listLeft(planned, times, nowS) : [];
  const t1Ms = findT1(run, state);
  const t1S = t1Ms === null ? null : toSecond(t1Ms);
  const changes = [...done, ...left].filter(({ atS }) => t1S === null || atS < t1S || atS <= nowS);
  if (t1S !== null && t1S > nowS) changes.push({ atS: t1S, functionShare });
  const durationS = Math.max(scenario.durationS, Math.min(t0S + longestS, nowS + 3600));
  return {
    ...scenario,
    startsAt: new Date(zeroMs).toISOString(),
    durationS,
    stepS: Math.max(scenario.stepS, Math.ceil(durationS / stepsMax)),
    traffic: { ...scenario.traffic, changes: inOrder(changes) },
  };
}
