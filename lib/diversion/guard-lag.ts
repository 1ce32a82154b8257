import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import { shortestJudgedS } from '@/lib/estate/measure';
import { type Guard, type GuardMeasure, guardMaxS, trafficUsedS } from './cutover';
import type { Diversion } from './diversion';

/** The lags of the figures of measures when they were read, in ms; absent = not measured. */
export type MeasureLags = Readonly<Partial<Record<GuardMeasure, number>>>;

/** Measures that monitoring has, by the minute and late; the others are read as they are. */
export const laggingMeasures: ReadonlySet<GuardMeasure> = new Set([
  'errorRate',
  'throttles',
  'splitDeviation',
  'errorsAboveCvm',
]);

/** Measures of stored traffic, which is as old as the interval of its measurements on top of the lag. */
export const storedMeasures: ReadonlySet<GuardMeasure> = new Set(['splitDeviation', 'errorsAboveCvm']);

/** The intervals of the settings that figures of guards depend on, in seconds; 0 = never. */
export type FigureIntervals = {
  /** `SPILLWAY_TRAFFIC_S`: of measurements of diverted traffic. */
  readonly trafficS: number;
  /** `SPILLWAY_PROBE_S`: of queries to resolvers, and of the reports of agents. */
  readonly probeS: number;
};

/** The facts that decide which figures guards can have. */
export type FigureSources = FigureIntervals & {
  /** Of the diversion; absent = unknown. */
  readonly kind?: Diversion['kind'];
};

/** The reasons why a figure has no value with the settings; `trafficRare`: none between two measurements. */
export type UnreadReason = 'trafficOff' | 'trafficRare' | 'probesOff' | 'splitOff';

/** Returns the reason why guards on a measure can't be relied on with the settings; null = they can. */
export function findUnreadReason(
  measure: GuardMeasure,
  { trafficS, probeS, kind = 'switch' }: FigureSources,
): UnreadReason | null {
  const ofTraffic = trafficS === 0 ? 'trafficOff' : trafficS > trafficUsedS ? 'trafficRare' : null;
  switch (measure) {
    case 'errorsAboveCvm':
      return ofTraffic;
    case 'splitDeviation':
      // Without requests, that of a Switch is of DNS answers.
      if (kind !== 'switch') return ofTraffic;
      return ofTraffic !== null && probeS === 0 ? 'splitOff' : null;
    case 'notConverged':
    case 'agentFailures':
      return probeS === 0 ? 'probesOff' : null;
    default:
      return null;
  }
}

/** The lags of monitoring when the traffic of a plan was measured. */
type MeasuredTraffic = {
  readonly readings: readonly Pick<TrafficReading, 'lagMs'>[];
  /** The lag of the figures of the plan's functions, in ms; null = they had none. */
  readonly functionLagMs: number | null;
};

/**
 * Returns the guard lags that a plan's measured traffic implies: errors, and shares of the sides, come from the same
 * figures as requests. Those of stored traffic are older by up to the interval of its measurements.
 * @param traffic null = not measured
 */
export function trafficLags(
  traffic: MeasuredTraffic | null,
  { trafficS }: Pick<FigureIntervals, 'trafficS'>,
): MeasureLags {
  if (traffic === null) return {};
  const { readings, functionLagMs } = traffic;
  const lags = readings.flatMap(({ lagMs }) => lagMs ?? []);
  const lagMs = Math.max(...lags);
  const storedMs = lagMs + Math.min(trafficS, trafficUsedS) * 1000;
  const ofStored = trafficS === 0 ? {} : { splitDeviation: storedMs, errorsAboveCvm: storedMs };
  return {
    ...(lags.length === 0 ? {} : { errorRate: lagMs, ...ofStored }),
    ...(functionLagMs === null ? {} : { throttles: functionLagMs }),
  };
}

/**
 * Returns the shortest time that a guard may have, in seconds. Figures may need more than the longest time of a guard: it
 * is then breached later than its time says.
 */
export function shortestGuardS(lagMs: number): number {
  return Math.min(guardMaxS, shortestJudgedS(lagMs));
}

/** Returns a guard whose time is at least as long as the lag of its measure requires. */
export function fitGuard(guard: Guard, lags: MeasureLags): Guard {
  const lagMs = lags[guard.measure];
  return lagMs === undefined ? guard : { ...guard, forS: Math.max(guard.forS, shortestGuardS(lagMs)) };
}

/** Returns the places of the guards whose time is shorter than their measure's figures allow. */
export function tooShortGuards(guards: readonly Guard[], lags: MeasureLags): readonly number[] {
  return guards.flatMap(({ measure, forS }, place) => {
    const lagMs = lags[measure];
    return lagMs !== undefined && forS < shortestGuardS(lagMs) ? [place] : [];
  });
}
