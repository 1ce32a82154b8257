import { Cron } from 'croner';
import { err, ok, type Result } from '@/lib/result';

/** The times of a schedule. Instants are epoch milliseconds, in whole seconds. */
export type CronTimes = {
  /** Returns the last time at or before `now`; null if none exists. */
  lastAt(now: number): number | null;
  /** Returns the first time after `now`; null if none exists. */
  nextAfter(now: number): number | null;
};

/**
 * The offset of Beijing time (UTC+8), in which SCF evaluates cron expressions, in minutes. The page below shows its
 * examples in it.
 */
const beijingOffsetMinutes = 480;

/**
 * Parses an expression of seven fields: second, minute, hour, day, month, week, year
 * (https://cloud.tencent.com/document/product/583/9708). If day and week are both given, either may match.
 */
export function parseCron(expression: string): Result<CronTimes, string> {
  return read(expression, '7-part');
}

/** Does the same for timers, which also accept the older form of five fields: minute, hour, day, month, week. */
export function parseTimerCron(expression: string): Result<CronTimes, string> {
  return read(expression, expression.trim().split(/\s+/).length === 5 ? '5-part' : '7-part');
}

function read(expression: string, mode: '5-part' | '7-part'): Result<CronTimes, string> {
  let cron: Cron;
  try {
    // The page also allows a step after a number (`1/10`), which the library calls sloppy.
    cron = new Cron(expression, { mode, paused: true, sloppyRanges: true, utcOffset: beijingOffsetMinutes });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  return ok({
    // A run counts as previous only if it is before the instant.
    lastAt: (now) => cron.previousRuns(1, new Date(now + 1))[0]?.getTime() ?? null,
    nextAfter: (now) => cron.nextRun(new Date(now))?.getTime() ?? null,
  });
}

const known = new Map<string, CronTimes>();
const knownMax = 1000;

/** Returns the times of an expression that has been validated before. @throws Error when it can't be parsed */
export function cronTimes(expression: string): CronTimes {
  const found = known.get(expression);
  if (found) return found;
  const parsed = parseTimerCron(expression);
  if (!parsed.ok) throw new Error(`Invariant broken: the cron expression ${expression} was let in`);
  if (known.size >= knownMax) known.clear();
  known.set(expression, parsed.value);
  return parsed.value;
}
