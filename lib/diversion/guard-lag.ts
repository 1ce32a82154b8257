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

/** Returns the guard lags that a plan's traffic readings imply: error rates come from the same figures as requests. */
export function trafficLags(readings: readonly Pick<TrafficReading, 'lagMs'>[]): MeasureLags {
  const lags = readings.flatMap(({ lagMs }) => lagMs ?? []);
  return lags.length === 0 ? {} : { errorRate: Math.max(...lags) };
}

/** Returns the places of the guards whose time is shorter than their measure's figures allow. */
export function tooShortGuards(guards: readonly Guard[], lags: MeasureLags): readonly number[] {
  return guards.flatMap(({ measure, forS }, place) => {
    const lagMs = lags[measure];
    return lagMs !== undefined && forS < shortestJudgedS(lagMs) ? [place] : [];
  });
}
