/** Counts by minute: the start of the minute in epoch milliseconds. */
export type Minutes = ReadonlyMap<number, number>;

const minuteMs = 60_000;

/** Returns the start of the newest minute with data; null without any. */
export function newestMinute(minutes: Minutes): number | null {
  return minutes.size === 0 ? null : Math.max(...minutes.keys());
}

/**
 * Returns how long ago the newest minute with data ended, in ms; 0 while it runs, null without any. @param now epoch ms
 */
export function lagOf(minutes: Minutes, now: number): number | null {
  const newest = newestMinute(minutes);
  return newest === null ? null : Math.max(0, now - newest - minuteMs);
}

/**
 * Returns the count of the last 60 seconds. While the newest minute is still running, the rest of the time lies in the
 * one before, whose counts are assumed to be evenly spread: a value must not drop to nothing at each minute boundary. A
 * completed newest minute, as when monitoring lags, is taken as the last one.
 * @param newest start of the newest minute with data, of this metric or of one that never lacks a point
 * @param now epoch milliseconds
 */
export function lastMinute(minutes: Minutes, newest: number, now: number): number {
  const ran = Math.min(1, Math.max(0, (now - newest) / minuteMs));
  return (minutes.get(newest) ?? 0) + (minutes.get(newest - minuteMs) ?? 0) * (1 - ran);
}

/**
 * Returns the mean of the completed minutes, for a metric that is a rate. The current one is left out because its count
 * is incomplete.
 * @param now epoch milliseconds
 * @returns null without any
 */
export function meanOfWhole(minutes: Minutes, now: number): number | null {
  const whole = [...minutes].filter(([start]) => start + minuteMs <= now).map(([, value]) => value);
  return whole.length === 0 ? null : whole.reduce((sum, value) => sum + value, 0) / whole.length;
}
