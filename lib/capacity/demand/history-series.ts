import type { TrafficHistory } from '@/lib/estate/history/traffic-history';
import { type Demand, demandPointsMax, roundPoint } from './demand';

/** The demand in periods for which monitoring has no value: none, or a straight line between its neighbours. */
export const gapFillings = ['zero', 'line'] as const;
export type GapFilling = (typeof gapFillings)[number];

/** Periods in a row without a value (ISO). */
export type HistoryGap = { readonly from: string; readonly until: string; readonly periods: number };

/** Measured requests as a demand, with what had to be filled in. */
export type HistorySeries = {
  /** null = monitoring has no value at all. */
  readonly demand: (Demand & { readonly kind: 'series' }) | null;
  readonly firstAt: string;
  readonly peakRps: number;
  readonly meanRps: number;
  readonly gaps: readonly HistoryGap[];
};

/** Lists the periods without a value. */
function listGaps({ from, periodS, rps }: TrafficHistory): readonly HistoryGap[] {
  const startMs = Date.parse(from);
  const at = (index: number) => new Date(startMs + index * periodS * 1000).toISOString();
  const gaps: HistoryGap[] = [];
  for (let index = 0; index < rps.length; index += 1) {
    if (rps[index] !== null) continue;
    let end = index;
    while (end < rps.length && rps[end] === null) end += 1;
    gaps.push({ from: at(index), until: at(end), periods: end - index });
    index = end;
  }
  return gaps;
}

/**
 * Converts measured requests into a demand whose first point is at second 0. A value is the mean of its period, so that it
 * is a point at the middle of it: half a period is cut at both ends.
 * @param filling of gaps; before the first value and after the last one, a line stays at the nearest value
 */
export function toHistorySeries(history: TrafficHistory, filling: GapFilling): HistorySeries {
  const { periodS } = history;
  const values = history.rps.slice(0, demandPointsMax);
  const known = values.filter((value) => value !== null);
  const filled = filling === 'zero' ? values.map((value) => value ?? 0) : interpolate(values);
  return {
    demand:
      known.length === 0
        ? null
        : {
            kind: 'series',
            startS: periodS / 2,
            intervalS: periodS,
            rps: filled.map(roundPoint),
            scale: 1,
          },
    firstAt: history.from,
    peakRps: known.reduce((most, value) => Math.max(most, value), 0),
    meanRps: known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length,
    gaps: listGaps({ ...history, rps: values }),
  };
}

function interpolate(values: readonly (number | null)[]): readonly number[] {
  const points = values.flatMap((value, index) => (value === null ? [] : [{ index, value }]));
  let next = 0;
  return values.map((value, index) => {
    if (value !== null) return value;
    while (next < points.length && (points[next]?.index ?? 0) < index) next += 1;
    const [before, after] = [points[next - 1], points[next]];
    if (before === undefined || after === undefined) return (before ?? after)?.value ?? 0;
    const part = (index - before.index) / (after.index - before.index);
    return before.value + part * (after.value - before.value);
  });
}
