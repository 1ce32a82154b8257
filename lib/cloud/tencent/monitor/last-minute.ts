/** What was counted, by the minute in which it fell: its start in epoch milliseconds. */
export type Minutes = ReadonlyMap<number, number>;

const minuteMs = 60_000;

/** The start of the newest minute with data; null without any. */
export function newestMinute(minutes: Minutes): number | null {
  return minutes.size === 0 ? null : Math.max(...minutes.keys());
}

/** How long ago the newest minute with data ended, in ms; 0 while it runs, null without any. @param now epoch ms */
export function lagOf(minutes: Minutes, now: number): number | null {
  const newest = newestMinute(minutes);
  return newest === null ? null : Math.max(0, now - newest - minuteMs);
}

/**
 * How much was counted in the last 60 seconds. While the newest minute still runs, the rest of the time lies in the one
 * before, whose counts are taken for evenly spread: a reading must not fall to nothing at the turn of each minute. A
 * newest minute that is over, as where the monitoring lags, stands for the last one.
 * @param newest start of the newest minute with data, of this metric or of one that never lacks a point
 * @param now epoch milliseconds
 */
export function lastMinute(minutes: Minutes, newest: number, now: number): number {
  const ran = Math.min(1, Math.max(0, (now - newest) / minuteMs));
  return (minutes.get(newest) ?? 0) + (minutes.get(newest - minuteMs) ?? 0) * (1 - ran);
}

/**
 * The mean of what the minutes that are over have, of a metric that is a rate. The running one is left out: it is not
 * counted to its end.
 * @param now epoch milliseconds
 * @returns null without any
 */
export function meanOfWhole(minutes: Minutes, now: number): number | null {
  const whole = [...minutes].filter(([start]) => start + minuteMs <= now).map(([, value]) => value);
  return whole.length === 0 ? null : whole.reduce((sum, value) => sum + value, 0) / whole.length;
}
