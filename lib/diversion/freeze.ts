import { z } from 'zod';
import { Zone } from './wall-clock';

/**
 * Change freezes: times in which no cutover may begin to move traffic. A rollback is never frozen, because it is the
 * safe direction.
 */

const Minute = z
  .number('freeze.minute')
  .int('freeze.minute')
  .min(0, 'freeze.minute')
  .max(1440, 'freeze.minute');

export const FreezeSpan = z.discriminatedUnion('kind', [
  /** From one instant to another. ISO, UTC. */
  z
    .object({
      kind: z.literal('once'),
      from: z.iso.datetime('instant.invalid'),
      to: z.iso.datetime('instant.invalid'),
    })
    .refine(({ from, to }) => Date.parse(to) > Date.parse(from), {
      message: 'freeze.endsBefore',
      path: ['to'],
    }),
  /**
   * Every day between two times of day in a zone, in minutes after midnight; it crosses midnight where `to` is not
   * later.
   */
  z.object({ kind: z.literal('daily'), fromMinute: Minute, toMinute: Minute, zone: Zone }),
]);
export type FreezeSpan = z.infer<typeof FreezeSpan>;

export type Freeze = { readonly name: string; readonly span: FreezeSpan };

/** One time covered by a freeze, in epoch ms; the end is exclusive. */
export type Interval = { readonly from: number; readonly to: number };

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** To make one takes longer than to use it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** Returns the offset of a zone from UTC at an instant, in ms. */
export function offsetMs(zone: string, at: number): number {
  const parts = formatOf(zone).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return local - Math.floor(at / 1000) * 1000;
}

/**
 * Returns the instant of a local time in a zone. A time that the clocks skip counts as after the skip; for one that
 * occurs twice, the first counts.
 * @param local the local time read as if it were UTC, in epoch ms
 */
export function toInstantInZone(local: number, zone: string): number {
  // The offset before the change decides for a time that occurs twice, and the one after it for a time that is skipped.
  const early = local - offsetMs(zone, local - dayMs);
  if (early + offsetMs(zone, early) === local) return early;
  const late = local - offsetMs(zone, local + dayMs);
  return late + offsetMs(zone, late) === local ? late : early;
}

/** Returns the times that a freeze covers between two instants, in epoch ms, in order. */
export function listIntervals(span: FreezeSpan, from: number, to: number): readonly Interval[] {
  const all =
    span.kind === 'once'
      ? [{ from: Date.parse(span.from), to: Date.parse(span.to) }]
      : dailyIntervals(span, from, to);
  return all.filter((each) => each.from < to && each.to > from);
}

function dailyIntervals(
  { fromMinute, toMinute, zone }: Extract<FreezeSpan, { kind: 'daily' }>,
  from: number,
  to: number,
): readonly Interval[] {
  const firstDay = Math.floor((from + offsetMs(zone, from)) / dayMs) - 1;
  const lastDay = Math.floor((to + offsetMs(zone, to)) / dayMs);
  const lasts = toMinute > fromMinute ? toMinute - fromMinute : toMinute - fromMinute + 1440;
  const intervals: Interval[] = [];
  for (let day = firstDay; day <= lastDay; day += 1) {
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
