import type { FreezeSpan } from './freeze';
import { offsetMs, toInstantInZone } from './wall-clock';

/**
 * Change freezes: times in which no cutover may begin to move traffic. A rollback is never frozen, because it is the
 * safe direction.
 */

/** The days of the week with their numbers in ISO 8601. */
export const daysOfWeek = [
  { day: 1, name: 'monday' },
  { day: 2, name: 'tuesday' },
  { day: 3, name: 'wednesday' },
  { day: 4, name: 'thursday' },
  { day: 5, name: 'friday' },
  { day: 6, name: 'saturday' },
  { day: 7, name: 'sunday' },
] as const;

export type Freeze = { readonly name: string; readonly span: FreezeSpan };

/** One time covered by a freeze, in epoch ms; the end is exclusive. */
export type Interval = { readonly from: number; readonly to: number };

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Returns the times that a freeze covers between two instants, in epoch ms, in order. */
export function listIntervals(span: FreezeSpan, from: number, to: number): readonly Interval[] {
  const all =
    span.kind === 'once'
      ? [{ from: Date.parse(span.from), to: Date.parse(span.to) }]
      : dailyIntervals(span, from, to);
  return all.filter((each) => each.from < to && each.to > from);
}

/** Returns the weekday of a day counted from 1 January 1970, a Thursday: 1 = Monday. */
export function getWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function dailyIntervals(
  { fromMinute, toMinute, zone, weekdays }: Extract<FreezeSpan, { kind: 'daily' }>,
  from: number,
  to: number,
): readonly Interval[] {
  const firstDay = Math.floor((from + offsetMs(zone, from)) / dayMs) - 1;
  const lastDay = Math.floor((to + offsetMs(zone, to)) / dayMs);
  const lasts = toMinute > fromMinute ? toMinute - fromMinute : toMinute - fromMinute + 1440;
  const intervals: Interval[] = [];
  for (let day = firstDay; day <= lastDay; day += 1) {
    if (weekdays !== undefined && !weekdays.includes(getWeekday(day))) continue;
    const local = day * dayMs + fromMinute * minuteMs;
    intervals.push({
      from: toInstantInZone(local, zone),
      to: toInstantInZone(local + lasts * minuteMs, zone),
    });
  }
  return intervals;
}

/** Returns the first freeze that covers any part of the time between two instants (ISO); null when none does. */
export function findFreeze(freezes: readonly Freeze[], from: string, to: string): Freeze | null {
  const [start, end] = [Date.parse(from), Math.max(Date.parse(to), Date.parse(from) + 1)];
  return freezes.find(({ span }) => listIntervals(span, start, end).length > 0) ?? null;
}
