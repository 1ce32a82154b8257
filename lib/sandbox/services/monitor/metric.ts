/** The aggregation of minutes to a longer period: their sum, their maximum, or an average over all events in it. */
export type StatType = 'sum' | 'max' | 'avg';

export type MetricFacts = { readonly name: string; readonly stat: StatType };

/** A metric computed from counts. */
export type CountedMetric<Total> = MetricFacts & {
  /** Computes the value from the counts of a span of this many seconds. */
  readonly of: (total: Total, seconds: number) => number;
};

/** Returns the value of a metric of one object from one time until before another, in epoch milliseconds. */
export type MetricReading = (from: number, to: number) => number;

export const minuteMs = 60_000;

/**
 * Builds the reading of a metric from counts by minute.
 * @param minutes by start of the minute; an absent one counts as `none`
 * @param add adds the counts of a minute to those of the minutes before
 */
export function createReading<Total>(
  metric: CountedMetric<Total>,
  minutes: ReadonlyMap<number, Total>,
  none: () => Total,
  add: (total: Total, minute: Total) => Total,
): MetricReading {
  return (from, to) => {
    const counted: Total[] = [];
    for (let minute = from; minute < to; minute += minuteMs) {
      const total = minutes.get(minute);
      if (total !== undefined) counted.push(total);
    }
    if (metric.stat !== 'max') return metric.of(counted.reduce(add, none()), (to - from) / 1000);
    return Math.max(metric.of(none(), 60), ...counted.map((total) => metric.of(total, 60)));
  };
}

/** Returns a ratio, or 0 when the whole is 0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Returns how often statuses of a kind occurred. */
export function createCount(
  statuses: ReadonlyMap<number, number>,
  isWanted: (status: number) => boolean,
): number {
  let count = 0;
  for (const [status, times] of statuses) if (isWanted(status)) count += times;
  return count;
}

/** Adds up counts by status. */
export function addStatuses(
  left: ReadonlyMap<number, number>,
  right: ReadonlyMap<number, number>,
): Map<number, number> {
  const sum = new Map(left);
  for (const [status, times] of right) sum.set(status, (sum.get(status) ?? 0) + times);
  return sum;
}
