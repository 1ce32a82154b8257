import { z } from 'zod';
import { daysOfWeek, getWeekday } from './freeze-times';
import { addDays, beforeSkip, toInstantInZone, wallAt } from './wall-clock';
import { Zone } from './zone';

/**
 * The rule by which a diversion repeats. Each occurrence has T0 and T1: one without a rollback would leave the next one
 * nothing to do. Dates and times of day are those of the rule's zone.
 */

const dayMs = 86_400_000;
const minuteMs = 60_000;
const dayMinutes = 1440;

/** The longest occurrence, and the latest day on which it may end, counted from its own. */
const endsAfterMax = 6;
/** Days ahead: each occurrence is a run that waits and is re-validated, hourly until a day before its next gate. */
const aheadMax = 60;
const countMax = 366;
/** Dates compared to find occurrences that overlap: a year and the longest month. */
const comparedDays = 397;

const CalendarDate = z.string().refine(
  (date) => /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date)) && addDays(date, 0) === date,
  // The checks of the whole rule calculate with it.
  { error: 'repeat.date', abort: true },
);

const MinuteOfDay = z
  .number('repeat.minute')
  .int('repeat.minute')
  .min(0, 'repeat.minute')
  .max(dayMinutes - 1, 'repeat.minute');

const Days = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('daily') }),
  /** 1 = Monday to 7 = Sunday (ISO 8601). */
  z.object({
    kind: z.literal('weekly'),
    weekdays: z
      .array(z.int('repeat.weekday').min(1, 'repeat.weekday').max(daysOfWeek.length, 'repeat.weekday'))
      .min(1, 'repeat.noDay')
      .max(daysOfWeek.length, 'repeat.weekday')
      .readonly(),
  }),
  z.object({
    kind: z.literal('monthly'),
    days: z
      .array(z.int('repeat.monthDay').min(1, 'repeat.monthDay').max(31, 'repeat.monthDay'))
      .min(1, 'repeat.noDay')
      .max(31, 'repeat.monthDay')
      .readonly(),
    /** In a month without that day: no occurrence, or one on the month's last day. */
    shortMonth: z.enum(['skip', 'lastDay']),
  }),
]);

export const RecurrenceRule = z
  .object({
    days: Days,
    /** T0, in minutes after midnight. */
    startMinute: MinuteOfDay,
    /** T1, in minutes after midnight of the day that is `endsAfterDays` after that of T0. */
    endMinute: MinuteOfDay,
    endsAfterDays: z.int('repeat.endsAfter').min(0, 'repeat.endsAfter').max(endsAfterMax, 'repeat.endsAfter'),
    zone: Zone,
    /** The first date on which it may occur. */
    from: CalendarDate,
    until: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('never') }),
      /** The last date on which it may occur. */
      z.object({ kind: z.literal('date'), date: CalendarDate }),
      z.object({
        kind: z.literal('count'),
        count: z.int('repeat.count').min(1, 'repeat.count').max(countMax, 'repeat.count'),
      }),
    ]),
    /** The number of days before T0 at which an occurrence is created. */
    aheadDays: z.int('repeat.ahead').min(1, 'repeat.ahead').max(aheadMax, 'repeat.ahead'),
  })
  .superRefine((rule, context) => {
    const lasts = lastsMinutes(rule);
    if (lasts <= 0) context.addIssue({ code: 'custom', message: 'repeat.endsBefore', path: ['endMinute'] });
    else if (shortestGapMinutes(rule) <= lasts)
      context.addIssue({ code: 'custom', message: 'repeat.overlap', path: ['endMinute'] });
    if (rule.until.kind === 'date' && rule.until.date < rule.from)
      context.addIssue({ code: 'custom', message: 'repeat.untilBefore', path: ['until', 'date'] });
  });
export type RecurrenceRule = z.infer<typeof RecurrenceRule>;

export const aheadDaysDefault = 14;

/** One occurrence: the date that identifies it in its series, and its times in epoch ms. */
export type Occurrence = { readonly date: string; readonly t0: number; readonly t1: number };

type Times = Pick<RecurrenceRule, 'startMinute' | 'endMinute' | 'endsAfterDays'>;

/** The time from T0 to T1 by the wall clock, in minutes. */
function lastsMinutes({ startMinute, endMinute, endsAfterDays }: Times): number {
  return endsAfterDays * dayMinutes + endMinute - startMinute;
}

/** The shortest time between two starts by the wall clock, in minutes; infinite if it occurs once at most. */
function shortestGapMinutes(rule: Pick<RecurrenceRule, 'days' | 'from' | 'until'>): number {
  let [last, shortest] = [-Infinity, Infinity];
  for (const date of listDates(rule, rule.from, addDays(rule.from, comparedDays))) {
    const at = Date.parse(date) / minuteMs;
    shortest = Math.min(shortest, at - last);
    last = at;
  }
  return shortest;
}

/** Returns whether a rule occurs on a date. */
function occursOn(days: RecurrenceRule['days'], date: string): boolean {
  if (days.kind === 'daily') return true;
  if (days.kind === 'weekly') return days.weekdays.includes(getWeekday(Date.parse(date) / dayMs));
  const day = Number(date.slice(8));
  if (days.days.includes(day)) return true;
  const isLastDay = addDays(date, 1).endsWith('-01');
  return days.shortMonth === 'lastDay' && isLastDay && days.days.some((each) => each > day);
}

/** Lists the dates of a rule between two dates, both included, in order. */
function* listDates(
  { days, from, until }: Pick<RecurrenceRule, 'days' | 'from' | 'until'>,
  first: string,
  last: string,
): Generator<string> {
  // A number of occurrences is counted from the first one.
  const start = until.kind === 'count' || first < from ? from : first;
  const end = until.kind === 'date' && until.date < last ? until.date : last;
  let count = 0;
  for (let date = start; date <= end; date = addDays(date, 1)) {
    if (!occursOn(days, date)) continue;
    count += 1;
    if (until.kind === 'count' && count > until.count) return;
    if (date >= first) yield date;
  }
}

/**
 * Returns the occurrence of a date. T1 is after T0 even where the clocks skip the time between them, and before the T0
 * of the next occurrence: a T1 that they skip counts as before the skip if that T0 would be over after it.
 */
function toOccurrence(rule: RecurrenceRule, date: string): Occurrence {
  const start = Date.parse(date) + rule.startMinute * minuteMs;
  const lastsMs = lastsMinutes(rule) * minuteMs;
  const t0 = toInstantInZone(start, rule.zone);
  const t1 = toInstantInZone(start + lastsMs, rule.zone);
  if (t1 <= t0) return { date, t0, t1: t0 + lastsMs };
  const early = beforeSkip(start + lastsMs, rule.zone);
  if (early === null) return { date, t0, t1 };
  const [next] = listDates(rule, addDays(date, 1), addDays(date, rule.endsAfterDays + 1));
  if (next === undefined) return { date, t0, t1 };
  const nextT0 = toInstantInZone(Date.parse(next) + rule.startMinute * minuteMs, rule.zone);
  return { date, t0, t1: t1 < nextT0 ? t1 : early };
}

/**
 * Returns the occurrences of a rule whose T0 is in a time, in order, none of which ends after the next one begins. A T0
 * or T1 that the clocks skip counts as after the skip, unless the next one would have begun; for one that occurs twice,
 * the first counts.
 * @param from epoch ms, included
 * @param until epoch ms, excluded
 * @param max the most that are returned
 */
export function nextOccurrences(
  rule: RecurrenceRule,
  { from, until, max = Infinity }: { readonly from: number; readonly until: number; readonly max?: number },
): readonly Occurrence[] {
  const found: Occurrence[] = [];
  if (until <= from) return found;
  // A skipped time may be on the next date.
  const first = addDays(wallAt(from, rule.zone).date, -1);
  const last = addDays(wallAt(until, rule.zone).date, 1);
  for (const date of listDates(rule, first, last)) {
    if (found.length >= max) break;
    const occurrence = toOccurrence(rule, date);
    if (occurrence.t0 >= from && occurrence.t0 < until) found.push(occurrence);
  }
  return found;
}

/** The time before T0 that an occurrence needs at least to be planned and scheduled: a later one is left out. */
const leadMs = 5 * minuteMs;
/** Every rule occurs within that time, if it still does: no day of a month is rarer than every other month. */
const previewMs = 400 * dayMs;

/** Returns the next occurrences that can still be created, up to a number of them. @param now epoch ms */
export function previewOccurrences(rule: RecurrenceRule, now: number, max: number): readonly Occurrence[] {
  const from = Math.max(now + leadMs, Date.parse(rule.from) - dayMs);
  return nextOccurrences(rule, { from, until: from + previewMs, max });
}

/** Returns the occurrences that are created by now. @param now epoch ms */
export function dueOccurrences(rule: RecurrenceRule, now: number): readonly Occurrence[] {
  return nextOccurrences(rule, { from: now + leadMs, until: now + rule.aheadDays * dayMs });
}

/** The time after T0 up to which an occurrence that could not be created is still recorded. */
const missedMs = 7 * dayMs;

/**
 * Returns the occurrences that a rule has had since it was set, and that can no longer be created in time.
 * @param times epoch ms
 */
export function pastOccurrences(
  rule: RecurrenceRule,
  { setAt, now }: { readonly setAt: number; readonly now: number },
): readonly Occurrence[] {
  // One that began right after the rule was set was never promised: the preview leaves it out, too.
  return nextOccurrences(rule, { from: Math.max(setAt + leadMs, now - missedMs), until: now + leadMs });
}

/** A change of a recurrence, as the activity of its diversion has it. */
export type RecurrenceChange = 'set' | 'changed' | 'stopped';

/** The actor of what the worker creates by a rule. */
export const recurrenceActor = 'recurrence';

/** A reason why a rule creates nothing, or an occurrence could not be scheduled: a message key below `ui.refusal`. */
export type OccurrenceProblem = {
  readonly message: string;
  readonly values?: Readonly<Record<string, string | number>>;
};

/** A rule as it is stored. One that is invalid, as after a manual change in the database, creates nothing. */
export type StoredRecurrence =
  | { readonly rule: RecurrenceRule; readonly problem: null }
  | { readonly rule: null; readonly problem: OccurrenceProblem };

/** Reads a stored rule; the problem of an invalid one names its fields. */
export function readStoredRecurrence(stored: unknown): StoredRecurrence {
  const read = RecurrenceRule.safeParse(stored);
  if (read.success) return { rule: read.data, problem: null };
  const fields = new Set(read.error.issues.map(({ path }) => ['rule', ...path].map(String).join('.')));
  return { rule: null, problem: { message: 'repeat.damaged', values: { fields: [...fields].join(', ') } } };
}

/** An occurrence that exists, as far as a change of the rule depends on it. Times in epoch ms. */
export type ExistingOccurrence = Occurrence & {
  /** True if it can still be replaced: it has not begun, and was not changed, canceled or discarded. */
  readonly isReplaceable: boolean;
  /** True if it was made from the newest plan of its series. */
  readonly isCurrent: boolean;
  /** The reasons why it could not be scheduled; empty = it was, or is still to be done. */
  readonly problems: readonly OccurrenceProblem[];
};

/**
 * Returns the existing occurrences that a rule replaces: those that it does not have, or has at other times, whose plan
 * was made from an older plan of the series, or that could not be scheduled and can still be created.
 * @param now epoch ms
 */
export function findReplaced<T extends ExistingOccurrence>(
  rule: RecurrenceRule,
  existing: readonly T[],
  now: number,
): readonly T[] {
  const open = existing.filter(({ isReplaceable }) => isReplaceable);
  if (open.length === 0) return [];
  const starts = open.map(({ t0 }) => t0);
  const range = { from: Math.min(...starts), until: Math.max(...starts) + 1 };
  const wanted = new Map(nextOccurrences(rule, range).map((each) => [each.date, each]));
  return open.filter(({ date, t0, t1, isCurrent, problems }) => {
    const same = wanted.get(date);
    const isTriedAgain = problems.length > 0 && t0 > now + leadMs;
    return isTriedAgain || !isCurrent || same?.t0 !== t0 || same.t1 !== t1;
  });
}
