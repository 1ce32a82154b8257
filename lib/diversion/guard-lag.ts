import { shortestJudgedS } from '@/lib/estate/measure';
import type { TrafficReading } from '@/lib/estate/serving-listeners';
import type { Guard, GuardMeasure } from './cutover';

/** How far the figures of measures lagged behind when they were read, in ms; absent = not measured. */
export type MeasureLags = Readonly<Partial<Record<GuardMeasure, number>>>;

/** Measures that monitoring has, by the minute and late; the others are read as they are. */
export const laggingMeasures: ReadonlySet<GuardMeasure> = new Set(['errorRate', 'throttles']);

/** What the readings of a plan's traffic say of guards: error rates come from the same figures as requests. */
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
