import { Cron } from 'croner';
import { err, ok, type Result } from '@/lib/result';

/** Times of scheduled work. Its instants are epoch milliseconds, whole seconds. */
export type CronTimes = {
  /** The last time at or before `now`; null when there is none. */
  lastAt(now: number): number | null;
  /** The first time after `now`; null when there is none. */
  nextAfter(now: number): number | null;
};

/** Cron expressions of SCF are in Beijing time (UTC+8), in minutes. The page below shows its examples in it. */
const beijingOffsetMinutes = 480;

/**
 * Reads an expression of seven fields: second, minute, hour, day, month, week, year
 * (https://cloud.tencent.com/document/product/583/9708). Day and week both given mean either of them.
 */
export function parseCron(expression: string): Result<CronTimes, string> {
  return read(expression, '7-part');
}

/** As above; timers take the older form of five fields as well: minute, hour, day, month, week. */
export function parseTimerCron(expression: string): Result<CronTimes, string> {
  return read(expression, expression.trim().split(/\s+/).length === 5 ? '5-part' : '7-part');
}

function read(expression: string, mode: '5-part' | '7-part'): Result<CronTimes, string> {
  let cron: Cron;
  try {
    // The page allows a step after a number too (`1/10`), which others call sloppy.
    cron = new Cron(expression, { mode, paused: true, sloppyRanges: true, utcOffset: beijingOffsetMinutes });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  return ok({
    // A run counts as previous only when it is before the instant.
    lastAt: (now) => cron.previousRuns(1, new Date(now + 1))[0]?.getTime() ?? null,
    nextAfter: (now) => cron.nextRun(new Date(now))?.getTime() ?? null,
  });
}

const known = new Map<string, CronTimes>();
/** How many parsed expressions are kept. */
const knownMax = 1000;

/** The times of an expression that has been checked before. @throws Error when it can't be read */
export function cronTimes(expression: string): CronTimes {
  const found = known.get(expression);
  if (found) return found;
  const parsed = parseTimerCron(expression);
  if (!parsed.ok) throw new Error(`Invariant broken: the cron expression ${expression} was let in`);
  if (known.size >= knownMax) known.clear();
  known.set(expression, parsed.value);
  return parsed.value;
}
