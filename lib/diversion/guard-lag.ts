import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import { shortestJudgedS } from '@/lib/estate/measure';
import type { Guard } from './cutover';
import type { GuardMeasure } from './guards';

/** The lags of the figures of measures when they were read, in ms; absent = not measured. */
export type MeasureLags = Readonly<Partial<Record<GuardMeasure, number>>>;

/** Measures that monitoring has, by the minute and late; the others are read as they are. */
export const laggingMeasures: ReadonlySet<GuardMeasure> = new Set([
  'errorRate',
  'throttles',
  'splitDeviation',
  'errorsAboveCvm',
]);

/** The lags of monitoring when the traffic of a plan was measured. */
type MeasuredTraffic = {
  readonly readings: readonly Pick<TrafficReading, 'lagMs'>[];
  /** The lag of the figures of the plan's functions, in ms; null = they had none. */
  readonly functionLagMs: number | null;
};

/**
 * Returns the guard lags that a plan's measured traffic implies: errors, and shares of the sides, come from the same
 * figures as requests.
 * @param traffic null = not measured
 */
export function trafficLags(traffic: MeasuredTraffic | null): MeasureLags {
  if (traffic === null) return {};
  const { readings, functionLagMs } = traffic;
  const lags = readings.flatMap(({ lagMs }) => lagMs ?? []);
  const lagMs = Math.max(...lags);
  return {
    ...(lags.length === 0 ? {} : { errorRate: lagMs, splitDeviation: lagMs, errorsAboveCvm: lagMs }),
    ...(functionLagMs === null ? {} : { throttles: functionLagMs }),
  };
}

/** Returns the places of the guards whose time is shorter than their measure's figures allow. */
export function tooShortGuards(guards: readonly Guard[], lags: MeasureLags): readonly number[] {
  return guards.flatMap(({ measure, forS }, place) => {
    const lagMs = lags[measure];
    return lagMs !== undefined && forS < shortestJudgedS(lagMs) ? [place] : [];
  });
}
