/** How minutes become a longer period: added, the greatest of them, or an average over all that happened in it. */
export type StatType = 'sum' | 'max' | 'avg';

/** What DescribeBaseMetrics says of a metric. */
export type MetricFacts = {
  readonly name: string;
  readonly unit: string;
  readonly stat: StatType;
  readonly en: string;
  readonly zh: string;
};

/** A metric computed from what was counted. */
export type CountedMetric<Total> = MetricFacts & {
  /** From the counts of a span of so many seconds. */
  readonly of: (total: Total, seconds: number) => number;
};

/** What a metric shows of one object from one time until before another, in epoch milliseconds. */
export type Reading = (from: number, to: number) => number;

export const minuteMs = 60_000;

/**
 * Reads a metric off counts by minute.
 * @param minutes by start of the minute; what is absent counts as `none`
 * @param add puts the counts of a minute behind those of the minutes before
 */
export function readingOf<Total>(
  metric: CountedMetric<Total>,
  minutes: ReadonlyMap<number, Total>,
  none: () => Total,
  add: (total: Total, minute: Total) => Total,
): Reading {
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

/** A share that is 0 when there is nothing to share. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** How often statuses of a kind came out. */
export function countOf(
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
