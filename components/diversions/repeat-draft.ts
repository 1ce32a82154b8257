import type { ActionError } from '@/lib/contract/answer';
import { aheadDaysDefault, RecurrenceRule } from '@/lib/diversion/recurrence';
import { addDays, instantOfWall, wallAt } from '@/lib/diversion/wall-clock';
import { fieldErrors } from '@/lib/input/field-errors';
import { err, ok, type Result } from '@/lib/result';
import { formatMinute } from './rule-text';

/** A rule while it is being edited: texts that may not be valid yet. */
export type RepeatDraft = {
  readonly kind: RecurrenceRule['days']['kind'];
  readonly weekdays: readonly number[];
  /** Days of the month, with commas between them. */
  readonly monthDays: string;
  readonly shortMonth: 'skip' | 'lastDay';
  readonly start: string;
  readonly end: string;
  readonly endsAfter: number;
  readonly zone: string;
  readonly from: string;
  readonly untilKind: RecurrenceRule['until']['kind'];
  readonly untilDate: string;
  readonly untilCount: string;
  readonly ahead: string;
};

/** Returns the default draft: each evening until the next morning, from the next evening on. */
export function firstRepeat(now: number, zone: string): RepeatDraft {
  const today = wallAt(now, zone).date;
  // An evening in the past would count as the first occurrence.
  const isOver = (instantOfWall({ date: today, time: '19:50' }, zone) ?? now) <= now;
  const date = isOver ? addDays(today, 1) : today;
  return {
    kind: 'daily',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    monthDays: String(Number(date.slice(8))),
    shortMonth: 'skip',
    start: '20:00',
    end: '06:00',
    endsAfter: 1,
    zone,
    from: date,
    untilKind: 'never',
    untilDate: date,
    untilCount: '10',
    ahead: String(aheadDaysDefault),
  };
}

/** Returns the draft for an existing rule. */
export function draftRule(rule: RecurrenceRule, now: number): RepeatDraft {
  const { days, until } = rule;
  const first = firstRepeat(now, rule.zone);
  return {
    ...first,
    kind: days.kind,
    ...(days.kind === 'weekly' && { weekdays: days.weekdays }),
    ...(days.kind === 'monthly' && { monthDays: days.days.join(', '), shortMonth: days.shortMonth }),
    start: formatMinute(rule.startMinute),
    end: formatMinute(rule.endMinute),
    endsAfter: rule.endsAfterDays,
    from: rule.from,
    untilKind: until.kind,
    ...(until.kind === 'date' && { untilDate: until.date }),
    ...(until.kind === 'count' && { untilCount: String(until.count) }),
    ahead: String(rule.aheadDays),
  };
}

const wholeNumber = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);

function parseMinute(time: string): number {
  const [, hours, minutes] = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(time) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

function toDays({ kind, weekdays, monthDays, shortMonth }: RepeatDraft): object {
  if (kind === 'daily') return { kind };
  if (kind === 'weekly') return { kind, weekdays };
  const days = monthDays.split(',').map((text) => text.trim());
  return {
    kind,
    days: [...new Set(days.filter((text) => text !== '').map(wholeNumber))].toSorted((a, b) => a - b),
    shortMonth,
  };
}

function toUntil({ untilKind, untilDate, untilCount }: RepeatDraft): object {
  if (untilKind === 'date') return { kind: untilKind, date: untilDate };
  return untilKind === 'count' ? { kind: untilKind, count: wholeNumber(untilCount) } : { kind: untilKind };
}

/** Returns the rule of a draft, or its field errors as named by the server: message keys by paths below `rule.`. */
export function toRule(draft: RepeatDraft): Result<RecurrenceRule, ActionError['fields']> {
  const parsed = RecurrenceRule.safeParse({
    days: toDays(draft),
    startMinute: parseMinute(draft.start),
    endMinute: parseMinute(draft.end),
    endsAfterDays: draft.endsAfter,
    zone: draft.zone,
    from: draft.from,
    until: toUntil(draft),
    aheadDays: wholeNumber(draft.ahead),
  });
  if (parsed.success) return ok(parsed.data);
  return err(
    fieldErrors(parsed.error.issues.map(({ path, message }) => ({ path: ['rule', ...path], message }))),
  );
}
