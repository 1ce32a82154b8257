import { getMinuteEnd, getMovedTraffic, type TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { getMeasuredShare } from '@/lib/run/model/run-charts';
import { ownTimes } from '@/lib/run/model/run-figures';
import { getWilsonInterval } from '@/lib/statistics/binomial';
import { type Forecast, type ForecastPoint, forecastOver } from './forecast-points';

/* What is measured during a run, compared with its forecast: the requests that move. Pure. */

/** `requests` per second of both sides; `share` of the function and `errors` (5xx) in %. */
export const comparedFigures = ['requests', 'share', 'errors'] as const;
export type ComparedFigure = (typeof comparedFigures)[number];

/** A measured minute that differs from the forecast by more than chance and than is small. */
export type ForecastDeviation = {
  readonly figure: ComparedFigure;
  /** The end of the measured minute, as an ISO instant. */
  readonly at: string;
  readonly measured: number;
  readonly forecast: number;
  /** True if the newest measured minute differs as well. */
  readonly isNow: boolean;
};

/* Smaller differences are not mentioned: our own choices, no source. */
/** Of the forecast requests. */
const requestsShare = 0.2;
/** Percentage points of the share of the function, and of the errors. */
const sharePoints = 5;
const errorPoints = 1;
/** Counts of a minute differ by chance: by more than this many standard deviations in 0.3 % of all minutes. */
const sigmas = 3;
const minuteS = 60;

type Compared = { readonly measured: number; readonly forecast: number; readonly excess: number };

const toRate = (rate: TrafficPoint['cvm']) => (rate === 'none' ? 0 : rate);

/** Returns the measured requests per second of both sides; null while one of them is unknown. */
export function getMovedRps(point: TrafficPoint): number | null {
  const moved = getMovedTraffic(point);
  const [targets, functions] = [toRate(moved?.cvm ?? null), toRate(moved?.function ?? null)];
  return targets === null || functions === null ? null : targets + functions;
}

/**
 * Compares the requests of a minute. `excess` is the difference by the largest that is not mentioned: above 1, it is.
 */
function compareRequests(point: TrafficPoint, expected: ForecastPoint, ownRps: number): Compared | null {
  const measured = getMovedRps(point);
  if (measured === null) return null;
  const forecast = expected.cvm + expected.function;
  const chance = (sigmas * Math.sqrt(Math.max(measured, forecast) * minuteS)) / minuteS;
  const least = Math.max(requestsShare * forecast, chance + ownRps);
  return { measured, forecast, excess: least === 0 ? 0 : Math.abs(measured - forecast) / least };
}

function compareShare(point: TrafficPoint, expected: ForecastPoint, ownRps: number): Compared | null {
  if (point.moved === undefined && point.areSidesWhole === false) return null;
  const [moved, rps] = [getMovedTraffic(point), getMovedRps(point)];
  const measured = moved === null ? null : getMeasuredShare(moved);
  const all = expected.cvm + expected.function;
  if (measured === null || rps === null || all === 0 || rps < ownTimes * ownRps) return null;
  const forecast = (expected.function / all) * 100;
  const n = Math.round(rps * minuteS);
  if (n === 0) return null;
  const { low, high } = getWilsonInterval(Math.round((measured / 100) * n), n);
  const isChance = forecast >= low * 100 && forecast <= high * 100;
  return { measured, forecast, excess: isChance ? 0 : Math.abs(measured - forecast) / sharePoints };
}

function compareErrors(point: TrafficPoint, expected: ForecastPoint, ownRps: number): Compared | null {
  const [measured, rps] = [getMovedTraffic(point)?.errorRate ?? null, getMovedRps(point)];
  if (measured === null || rps === null || rps === 0 || rps < ownTimes * ownRps) return null;
  const forecast = expected.refused;
  const rate = Math.max(measured, forecast) / 100;
  const chance = sigmas * Math.sqrt((rate * (1 - rate)) / (rps * minuteS)) * 100;
  return { measured, forecast, excess: Math.abs(measured - forecast) / Math.max(errorPoints, chance) };
}

const compare: Readonly<
  Record<ComparedFigure, (point: TrafficPoint, expected: ForecastPoint, ownRps: number) => Compared | null>
> = { requests: compareRequests, share: compareShare, errors: compareErrors };

/**
 * Returns the largest deviation of each figure from the forecast, in the order of `comparedFigures`. Each measured minute
 * is compared with the mean of the forecast over it. The share and the errors of a minute are not compared if Spillway's
 * own requests, which the forecast doesn't have, may shift them.
 * @param points oldest first
 * @param ownPerMinute the requests of Spillway in a minute, at most
 */
export function listDeviations(
  points: readonly TrafficPoint[],
  forecast: Forecast,
  ownPerMinute: number,
): readonly ForecastDeviation[] {
  const minutes = points.flatMap((point) => {
    const end = getMinuteEnd(point);
    const expected = forecastOver(forecast, end - minuteS * 1000, end);
    return expected === null ? [] : [{ point, expected, at: expected.at }];
  });
  return comparedFigures.flatMap((figure) => {
    const all = minutes.flatMap(({ point, expected, at }) => {
      const compared = compare[figure](point, expected, ownPerMinute / minuteS);
      return compared === null ? [] : [{ ...compared, at }];
    });
    const worst = all.toSorted((a, b) => b.excess - a.excess).at(0);
    if (worst === undefined || worst.excess <= 1) return [];
    const { at, measured, forecast: expected } = worst;
    return [{ figure, at, measured, forecast: expected, isNow: (all.at(-1)?.excess ?? 0) > 1 }];
  });
}
