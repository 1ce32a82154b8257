import type { RunMeasure } from '@/lib/diversion/cutover';
import { roundMeasure } from '@/lib/estate/measure';
import type { Plan } from '@/lib/plan/model/model';
import { testShare } from '@/lib/statistics/binomial';
import {
  type ConvergingName,
  countAnswers,
  getConvergence,
  isFreshAnswer,
  judgeDnsAnswer,
  type VantageReport,
} from './convergence';
import { getMinuteEnd, getMovedTraffic, type TrafficPoint } from './diverted-traffic';
import { compareDnsSplit, type SplitName, type SplitTest } from './dns-split';
import { movesName } from './drain';
import type { RunRecord } from './fold-run';
import type { Sample } from './model';
import { watchEveryMs } from './retry';
import { getMeasuredShare, type ShareChange } from './run-charts';
import { listWatchedProbes } from './run-watch';

/* The figures of a run that guards can use besides those of probes and of the cloud. Pure. */

/** Rates are means of a minute. */
const minuteS = 60;

const toCount = (rate: TrafficPoint['cvm']) => (typeof rate === 'number' ? Math.round(rate * minuteS) : 0);

/**
 * With this many times as many requests, those of Spillway, which all go to one side, shift the share by less than 5 points. Our
 * own choice.
 */
export const ownTimes = 20;

/**
 * Returns the requests that Spillway and its agents send to the moved names in a minute, at most: monitoring counts them,
 * too. The guards of a run, its charts and each agent send their own.
 * @param everyS the interval of the charts and of agents, in seconds; 0 = they send none
 */
export function countOwnRequests(
  { plan, events, guards }: Pick<RunRecord, 'plan' | 'events' | 'guards'>,
  reports: readonly Pick<VantageReport, 'http'>[],
  everyS: number,
): number {
  const direction = events.at(-1)?.direction ?? 'apply';
  const probes = listWatchedProbes(plan, direction).filter(({ probe }) => probe.kind === 'http').length;
  const byAgents = reports.reduce((sum, { http }) => sum + http.length, 0);
  const byGuards = guards.length === 0 ? 0 : (probes * minuteS * 1000) / watchEveryMs;
  return byGuards + (everyS === 0 ? 0 : ((probes + byAgents) * minuteS) / everyS);
}

/**
 * Returns the time for which clients may still use the side of before a change of DNS, in seconds: their answer is cached
 * for its TTL, and then they keep their connections. 0 if DNS moves no name.
 * @param keepAliveS the time for which clients keep connections, of a plan without a drain
 */
export function getSettleS(
  { steps, rollback }: Pick<Plan, 'steps' | 'rollback'>,
  keepAliveS: number,
): number {
  const states = [...steps, ...rollback].filter(movesName).flatMap(({ before, after }) => [before, after]);
  const ttls = states.flatMap((state) =>
    state.kind === 'recordSet' ? state.records.filter(({ enabled }) => enabled).map(({ ttlS }) => ttlS) : [],
  );
  const drain = rollback.find((step) => step.kind === 'drain');
  return ttls.length === 0 ? 0 : Math.max(...ttls) + (drain?.keepAliveS ?? keepAliveS);
}

/**
 * Compares the measured share of the function with the intended one. The requests of a minute are taken as independent;
 * those of one client are not, so that the true interval is wider.
 * @param settleS the time for which clients may still use the share before the last change, see `getSettleS`
 * @param ownPerMinute the requests of Spillway in a minute
 * @returns null while nothing is measured since then, most requests may be Spillway's own, the plan does not contain the
 * share, requests are not counted by the side that DNS leads them to, or those that move can't be told from others
 */
export function compareSplit(
  point: TrafficPoint,
  shares: readonly ShareChange[],
  settleS: number,
  ownPerMinute: number,
): SplitTest | null {
  const measured = getMinuteEnd(point);
  const moved = getMovedTraffic(point);
  const last = shares.findLast(({ at }) => Date.parse(at) <= measured);
  const isSettled = last !== undefined && measured - Date.parse(last.at) >= (settleS + minuteS) * 1000;
  const intended = last?.functionShare ?? null;
  if (point.moved === undefined && point.areSidesWhole === false) return null;
  if (!isSettled || intended === null || moved === null || getMeasuredShare(moved) === null) return null;
  const [cvm, fn] = [toCount(moved.cvm), toCount(moved.function)];
  if (cvm + fn < ownTimes * ownPerMinute) return null;
  const test = testShare(fn, cvm + fn, intended / 100);
  return test === null ? null : { ...test, at: new Date(measured).toISOString(), intended: intended / 100 };
}

/**
 * Returns the newest comparison of the measured share with an intended one above 0: after a rollback, the last one before
 * it.
 * @param points oldest first
 */
export function findSplit(
  points: readonly TrafficPoint[],
  shares: readonly ShareChange[],
  settleS: number,
  ownPerMinute: number,
): SplitTest | null {
  for (const point of points.toReversed()) {
    const split = compareSplit(point, shares, settleS, ownPerMinute);
    if (split !== null && split.intended > 0) return split;
  }
  return null;
}

/** Returns the difference from the intended share in percentage points; 0 while it may be by chance. */
export function getDeviation({ share, low, high, intended }: SplitTest): number {
  return intended >= low && intended <= high ? 0 : Math.abs(share - intended) * 100;
}

/** The state that the figures are computed from. */
export type FigureFacts = {
  readonly names: readonly ConvergingName[];
  readonly reports: readonly VantageReport[];
  /** The newest measurement; null = none. */
  readonly traffic: TrafficPoint | null;
  readonly shares: readonly ShareChange[];
  /** The time for which clients may still use the share before the last change, in seconds. */
  readonly settleS: number;
  /** The names that it moves by weights. */
  readonly split: readonly SplitName[];
  /** The requests of Spillway and its agents to the moved names in a minute, at most. */
  readonly ownPerMinute: number;
  readonly now: Date;
};

/** Returns the age of the oldest of the reports or answers, in ms; 0 if there are none. */
function getOldestMs(seen: readonly { readonly at: string }[], now: Date): number {
  return Math.max(0, ...seen.map(({ at }) => now.getTime() - Date.parse(at)));
}

/** Returns the answers that are counted, and of which DNS serves something else now. */
function listNotCurrent({ names, reports, now }: Pick<FigureFacts, 'names' | 'reports' | 'now'>) {
  const byName = new Map(names.map((name) => [name.name, name]));
  return reports
    .flatMap(({ dns }) => dns)
    .filter((answer) => {
      const name = byName.get(answer.name);
      const verdict = name === undefined ? 'silent' : judgeDnsAnswer(name, answer);
      return isFreshAnswer(answer, now) && verdict !== 'current' && verdict !== 'silent';
    });
}

/**
 * Computes the figures; null where there is nothing to measure. A report counts for some minutes, so that one which is not
 * renewed must not confirm itself: the lag is the age of the oldest that makes a figure worse.
 */
export function computeFigures(facts: FigureFacts): {
  readonly measures: Readonly<Record<RunMeasure, number | null>>;
  readonly lagMs: NonNullable<Sample['lagMs']>;
} {
  const { names, reports, traffic, shares, now } = facts;
  const converged = getConvergence(countAnswers(names, reports, now));
  const agents = reports.filter((report) => report.kind === 'agent' && isFreshAnswer(report, now));
  const failing = agents.filter(({ http }) => http.some(({ passed }) => !passed));
  const requests = agents.flatMap(({ http }) => http);
  const failed = requests.filter(({ passed }) => !passed).length;
  // Requests are what clients really sent. Without them, answers of DNS show what they would send.
  const ofRequests =
    traffic === null ? null : compareSplit(traffic, shares, facts.settleS, facts.ownPerMinute);
  const split = ofRequests ?? compareDnsSplit(reports, facts.split);
  const { cvm = null, function: fn = null } = traffic?.sideErrors ?? {};
  const lag = traffic === null ? 0 : now.getTime() - Date.parse(traffic.at) + (traffic.lagMs ?? 0);
  return {
    measures: {
      notConverged: converged === null ? null : roundMeasure(100 - converged),
      splitDeviation: split === null ? null : roundMeasure(getDeviation(split)),
      errorsAboveCvm: cvm === null || fn === null ? null : roundMeasure(Math.max(0, fn - cvm)),
      agentFailures: requests.length === 0 ? null : roundMeasure((failed / requests.length) * 100),
    },
    lagMs: {
      notConverged: getOldestMs(listNotCurrent(facts), now),
      splitDeviation: ofRequests === null ? 0 : Math.max(0, lag),
      errorsAboveCvm: Math.max(0, lag),
      agentFailures: getOldestMs(failing, now),
    },
  };
}
