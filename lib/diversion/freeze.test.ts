import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FreezeSpan } from './freeze';
import { findFreeze, listIntervals } from './freeze-times';
import { toInstantInZone } from './wall-clock';

const iso = (ms: number) => new Date(ms).toISOString();
const settlement: FreezeSpan = { kind: 'daily', fromMinute: 180, toMinute: 240, zone: 'Asia/Jakarta' };
const overnight: FreezeSpan = { kind: 'daily', fromMinute: 1320, toMinute: 240, zone: 'Asia/Jakarta' };

describe('findFreeze', () => {
  const freezes = [
    { name: 'settlement', span: settlement },
    {
      name: 'maintenance',
      span: { kind: 'once', from: '2026-12-13T15:00:00Z', to: '2026-12-13T21:00:00Z' },
    },
  ] as const;

  it.each([
    ['2026-12-11T19:59:00Z', '2026-12-11T20:00:00Z', null],
    ['2026-12-11T19:59:00Z', '2026-12-11T20:00:01Z', 'settlement'],
    ['2026-12-11T20:59:59Z', '2026-12-11T22:00:00Z', 'settlement'],
    ['2026-12-11T21:00:00Z', '2026-12-11T22:00:00Z', null],
    ['2026-12-13T14:00:00Z', '2026-12-13T15:00:01Z', 'maintenance'],
    ['2026-12-13T18:00:00Z', '2026-12-13T18:00:00Z', 'maintenance'],
  ])('between %s and %s: %s', (from, to, name) => {
    expect(findFreeze(freezes, from, to)?.name ?? null).toBe(name);
  });
});

describe('intervalsOf', () => {
  it('crosses midnight', () => {
    const from = Date.parse('2026-12-11T10:00:00Z');
    expect(
      listIntervals(overnight, from, from + 86_400_000).map(({ from: a, to: b }) => [iso(a), iso(b)]),
    ).toEqual([['2026-12-11T15:00:00.000Z', '2026-12-11T21:00:00.000Z']]);
  });

  it('keeps the local time where clocks change', () => {
    const span: FreezeSpan = { kind: 'daily', fromMinute: 720, toMinute: 780, zone: 'Europe/Berlin' };
    const days = listIntervals(span, Date.parse('2026-10-24T00:00:00Z'), Date.parse('2026-10-26T00:00:00Z'));
    expect(days.map((day) => iso(day.from))).toEqual([
      '2026-10-24T10:00:00.000Z',
      '2026-10-25T11:00:00.000Z',
    ]);
  });

  it('property: an instant is in an interval exactly if its local time is in the freeze', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1440 }),
        fc.integer({ min: 0, max: 1440 }),
        fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2027-01-01T00:00:00Z') }),
        (fromMinute, toMinute, at) => {
          const span: FreezeSpan = { kind: 'daily', fromMinute, toMinute, zone: 'Asia/Jakarta' };
          // Jakarta is seven hours ahead all year.
          const minute = Math.floor(((at + 7 * 3_600_000) % 86_400_000) / 60_000);
          const start = fromMinute % 1440;
          const isIn =
            toMinute > fromMinute
              ? minute >= fromMinute && minute < toMinute
              : (minute - start + 1440) % 1440 < toMinute - fromMinute + 1440;
          expect(listIntervals(span, at, at + 1).length > 0).toBe(isIn);
        },
      ),
    );
  });
});

describe('instantOf', () => {
  it.each([
    ['2026-12-12T00:00:00Z', 'Asia/Jakarta', '2026-12-11T17:00:00.000Z'],
    // Skipped: 02:30 does not exist on that night and is read as 03:30.
    ['2026-03-29T02:30:00Z', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // Occurs twice: the first one counts.
    ['2026-10-25T02:30:00Z', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(iso(toInstantInZone(Date.parse(local), zone))).toBe(instant);
  });
});

describe('a freeze on days of the week', () => {
  // 12 December 2026 is a Saturday.
  const weekend: FreezeSpan = { ...overnight, weekdays: [6, 7] };
  const from = Date.parse('2026-12-07T00:00:00Z');
  const to = Date.parse('2026-12-21T00:00:00Z');

  it('begins on those days of its own zone, and may end on the next', () => {
    const starts = listIntervals(weekend, from, to).map((each) => new Date(each.from).toISOString());
    expect(starts).toEqual([
      ...['2026-12-12T15:00:00.000Z', '2026-12-13T15:00:00.000Z'],
      ...['2026-12-19T15:00:00.000Z', '2026-12-20T15:00:00.000Z'],
    ]);
    const find = (begin: string, end: string) => findFreeze([{ name: 'x', span: weekend }], begin, end);
    // Sunday's ends on Monday morning.
    expect(find('2026-12-13T20:30:00Z', '2026-12-13T20:40:00Z')).not.toBeNull();
    expect(find('2026-12-14T15:30:00Z', '2026-12-14T15:40:00Z')).toBeNull();
  });

  it('splits the freeze of every day, whatever the days and the times', () => {
    const all = [1, 2, 3, 4, 5, 6, 7];
    fc.assert(
      fc.property(
        fc.subarray(all, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1439 }),
        (days, fromMinute, toMinute) => {
          const every: FreezeSpan = { kind: 'daily', fromMinute, toMinute, zone: 'Europe/Berlin' };
          const list = (weekdays: readonly number[]) => listIntervals({ ...every, weekdays }, from, to);
          const others = all.filter((day) => !days.includes(day));
          const both = [...list(days), ...list(others)].toSorted((a, b) => a.from - b.from);
          expect(both).toEqual(listIntervals(every, from, to));
          expect(list(all)).toEqual(both);
        },
      ),
    );
  });

  it.each([[[]], [[0]], [[8]], [[1.5]]])('is refused with the days %j', (weekdays) => {
    expect(FreezeSpan.safeParse({ ...overnight, weekdays }).success).toBe(false);
  });
});
