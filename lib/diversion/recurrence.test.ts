import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getWeekday } from './freeze-times';
import {
  aheadDaysDefault,
  dueOccurrences,
  type ExistingOccurrence,
  findReplaced,
  nextOccurrences,
  pastOccurrences,
  previewOccurrences,
  RecurrenceRule,
} from './recurrence';
import { wallAt } from './wall-clock';

const iso = (at: number) => new Date(at).toISOString();
const dayMs = 86_400_000;
const minuteMs = 60_000;

const evening: RecurrenceRule = {
  days: { kind: 'daily' },
  startMinute: 20 * 60,
  endMinute: 6 * 60,
  endsAfterDays: 1,
  zone: 'Asia/Jakarta',
  from: '2026-12-01',
  until: { kind: 'never' },
  aheadDays: aheadDaysDefault,
};
const monthly = (days: number[], shortMonth: 'skip' | 'lastDay'): RecurrenceRule => ({
  ...evening,
  days: { kind: 'monthly', days, shortMonth },
  from: '2027-01-01',
});
const datesOf = (rule: RecurrenceRule, from: string, until: string, max?: number) =>
  nextOccurrences(rule, {
    from: Date.parse(from),
    until: Date.parse(until),
    ...(max !== undefined && { max }),
  }).map(({ date }) => date);
const issuesOf = (rule: object) =>
  RecurrenceRule.safeParse(rule).error?.issues.map(({ message, path }) => [path.join('.'), message]) ?? [];

describe('a recurrence rule', () => {
  it('has T0 in the evening and T1 the next morning, in its zone', () => {
    const found = nextOccurrences(evening, {
      from: Date.parse('2026-12-11T00:00:00Z'),
      until: Date.parse('2026-12-13T00:00:00Z'),
    });
    expect(found.map(({ date, t0, t1 }) => [date, iso(t0), iso(t1)])).toEqual([
      ['2026-12-11', '2026-12-11T13:00:00.000Z', '2026-12-11T23:00:00.000Z'],
      ['2026-12-12', '2026-12-12T13:00:00.000Z', '2026-12-12T23:00:00.000Z'],
    ]);
  });

  it('occurs only on the chosen weekdays', () => {
    const rule: RecurrenceRule = { ...evening, days: { kind: 'weekly', weekdays: [6, 7] } };
    expect(datesOf(rule, '2026-12-07T00:00:00Z', '2026-12-21T00:00:00Z')).toEqual([
      '2026-12-12',
      '2026-12-13',
      '2026-12-19',
      '2026-12-20',
    ]);
  });

  it.each([
    ['skip', ['2027-01-31', '2027-03-31', '2027-05-31']],
    ['lastDay', ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31']],
  ] as const)('on the 31st, in a month without one: %s', (shortMonth, dates) => {
    expect(datesOf(monthly([31], shortMonth), '2027-01-01T00:00:00Z', '2027-06-01T00:00:00Z')).toEqual(dates);
  });

  it('occurs once on the last day of February, even if several of its days are missing', () => {
    const rule = monthly([29, 31], 'lastDay');
    expect(datesOf(rule, '2027-02-01T00:00:00Z', '2027-03-02T00:00:00Z')).toEqual(['2027-02-28']);
    expect(datesOf(rule, '2028-02-01T00:00:00Z', '2028-03-02T00:00:00Z')).toEqual(['2028-02-29']);
  });

  it('begins on its first date, ends on its last or after a number of occurrences', () => {
    const to = (until: RecurrenceRule['until']) =>
      datesOf({ ...evening, until }, '2026-11-01T00:00:00Z', '2026-12-31T00:00:00Z');
    const wanted = ['2026-12-01', '2026-12-02', '2026-12-03'];
    expect(to({ kind: 'date', date: '2026-12-03' })).toEqual(wanted);
    expect(to({ kind: 'count', count: 3 })).toEqual(wanted);
    // Ended occurrences count.
    const counted: RecurrenceRule = { ...evening, until: { kind: 'count', count: 3 } };
    expect(datesOf(counted, '2026-12-03T00:00:00Z', '2026-12-31T00:00:00Z')).toEqual(['2026-12-03']);
  });

  it.each([
    [{ ...evening, endMinute: 20 * 60 }, 'repeat.overlap'],
    [{ ...evening, endMinute: 19 * 60, endsAfterDays: 0 }, 'repeat.endsBefore'],
    [{ ...evening, days: { kind: 'weekly', weekdays: [1, 3] }, endsAfterDays: 3 }, 'repeat.overlap'],
    // 31 January, then the last day of February: 28 days; the 1st follows a day later.
    [{ ...monthly([1, 31], 'lastDay'), endsAfterDays: 2 }, 'repeat.overlap'],
  ])('is refused if an occurrence ends before it begins, or after the next begins', (rule, message) => {
    expect(issuesOf(rule)).toEqual([['endMinute', message]]);
  });

  it.each([
    [{ ...evening, from: '2026-02-30' }, 'from', 'repeat.date'],
    [{ ...evening, zone: 'Mars/Base' }, 'zone', 'zone.unknown'],
    [{ ...evening, startMinute: 1440 }, 'startMinute', 'repeat.minute'],
    [{ ...evening, startMinute: Number.NaN }, 'startMinute', 'repeat.minute'],
    [{ ...evening, aheadDays: 61 }, 'aheadDays', 'repeat.ahead'],
    [{ ...evening, days: { kind: 'weekly', weekdays: [] } }, 'days.weekdays', 'repeat.noDay'],
    [{ ...evening, until: { kind: 'count', count: 0 } }, 'until.count', 'repeat.count'],
    [{ ...evening, until: { kind: 'date', date: '2026-11-30' } }, 'until.date', 'repeat.untilBefore'],
  ])('is refused with an invalid value, at its field: %#', (rule, path, message) => {
    expect(issuesOf(rule)).toContainEqual([path, message]);
  });

  it('with one occurrence may have any duration', () => {
    const once = { ...evening, endsAfterDays: 4, until: { kind: 'count', count: 1 } };
    expect(issuesOf(once)).toEqual([]);
  });
});

describe('when the clocks change', () => {
  const berlin: RecurrenceRule = { ...evening, zone: 'Europe/Berlin', from: '2026-01-01', endsAfterDays: 0 };
  const on = (date: string, times: Pick<RecurrenceRule, 'startMinute' | 'endMinute'>) => {
    const from = Date.parse(date) - dayMs / 2;
    const rule = { ...berlin, ...times };
    const found = nextOccurrences(rule, { from, until: from + 2 * dayMs }).find((each) => each.date === date);
    return found && [iso(found.t0), iso(found.t1)];
  };

  it('a skipped time counts as after the skip', () => {
    // 02:30 does not exist on 29 March 2026 in Berlin.
    expect(on('2026-03-29', { startMinute: 150, endMinute: 300 })).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T03:00:00.000Z',
    ]);
  });

  it('T1 stays after T0 if T0 is skipped past it', () => {
    expect(on('2026-03-29', { startMinute: 150, endMinute: 180 })).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T02:00:00.000Z',
    ]);
  });

  it.each([
    // 02:30 does not exist on 29 March 2026 in Berlin; the next occurrence begins at 03:00, half an hour later.
    ['before the skip if the next occurrence would have begun after it', 180, '2026-03-29T00:30:00.000Z'],
    ['after the skip if the next occurrence begins later', 240, '2026-03-29T01:30:00.000Z'],
  ])('a skipped T1 counts as %s', (_case, startMinute, t1) => {
    const rule = { ...berlin, startMinute, endMinute: 150, endsAfterDays: 1 };
    expect(issuesOf(rule)).toEqual([]);
    const from = Date.parse('2026-03-28T00:00:00Z');
    const [last, next] = nextOccurrences(rule, { from, until: from + 2 * dayMs });
    expect(last && iso(last.t1)).toBe(t1);
    expect(last && next && last.t1 < next.t0).toBe(true);
  });

  it('the last occurrence ends after the skip, because no other one follows', () => {
    const until = { kind: 'date', date: '2026-03-28' } as const;
    const rule: RecurrenceRule = { ...berlin, startMinute: 180, endMinute: 150, endsAfterDays: 1, until };
    const from = Date.parse('2026-03-28T00:00:00Z');
    const [last] = nextOccurrences(rule, { from, until: from + dayMs });
    expect(last && iso(last.t1)).toBe('2026-03-29T01:30:00.000Z');
  });

  it('no occurrence of any rule ends after the next one begins', () => {
    // Across the changes of the clocks of a year, with T1 up to two hours before the next T0.
    const times = fc.record({
      startMinute: fc.integer({ min: 0, max: 300 }),
      gap: fc.integer({ min: 1, max: 120 }),
      zone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago'),
    });
    fc.assert(
      fc.property(times, ({ startMinute, gap, zone }) => {
        const end = startMinute - gap;
        const endMinute = (end + 1440) % 1440;
        const rule = { ...berlin, zone, startMinute, endMinute, endsAfterDays: end < 0 ? 0 : 1 };
        expect(issuesOf(rule)).toEqual([]);
        const from = Date.parse('2026-01-01');
        const found = nextOccurrences(rule, { from, until: from + 366 * dayMs });
        found.forEach(({ t0, t1 }, index) => {
          expect(t1).toBeGreaterThan(t0);
          expect(t1).toBeLessThan(found[index + 1]?.t0 ?? Infinity);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('of a time that occurs twice, the first counts', () => {
    expect(on('2026-10-25', { startMinute: 150, endMinute: 300 })).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T04:00:00.000Z',
    ]);
  });
});

const zones = [
  'UTC',
  'Asia/Jakarta',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
const anyDays = fc.oneof(
  fc.constant({ kind: 'daily' as const }),
  fc.record({
    kind: fc.constant('weekly' as const),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('monthly' as const),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 4 }),
    shortMonth: fc.constantFrom('skip' as const, 'lastDay' as const),
  }),
);
const anyRule = fc
  .record({
    days: anyDays,
    startMinute: fc.integer({ min: 0, max: 1439 }),
    endMinute: fc.integer({ min: 0, max: 1439 }),
    endsAfterDays: fc.integer({ min: 0, max: 2 }),
    zone: fc.constantFrom(...zones),
    from: fc.constantFrom('2026-01-01', '2026-03-08', '2026-10-25', '2027-12-31'),
    until: fc.oneof(
      fc.constant({ kind: 'never' as const }),
      fc.constant({ kind: 'date' as const, date: '2028-03-31' }),
      fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 40 }) }),
    ),
    aheadDays: fc.integer({ min: 1, max: 60 }),
  })
  .filter((rule) => RecurrenceRule.safeParse(rule).success);
const anyStart = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') });

describe('property: for any rule and any time', () => {
  it('occurrences are in order and in that time, each with T1 after T0, and at most one per date', () => {
    fc.assert(
      fc.property(anyRule, anyStart, (rule, from) => {
        const until = from + 45 * dayMs;
        const found = nextOccurrences(rule, { from, until });
        found.forEach(({ date, t0, t1 }, index) => {
          const next = found[index + 1];
          expect(t0 >= from && t0 < until && t1 > t0).toBe(true);
          if (next !== undefined) expect(next.date > date && next.t0 > t0).toBe(true);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('T0 has the local time of the rule, or a skipped time moved forward', () => {
    fc.assert(
      fc.property(anyRule, anyStart, (rule, from) => {
        for (const { date, t0 } of nextOccurrences(rule, { from, until: from + 45 * dayMs })) {
          const wall = wallAt(t0, rule.zone);
          const said = Date.parse(`${wall.date}T${wall.time}Z`);
          const wanted = Date.parse(date) + rule.startMinute * minuteMs;
          // Samoa left out a whole day once; no clock of these years moves by more than that.
          expect(said >= wanted && said <= wanted + dayMs).toBe(true);
          if (rule.days.kind === 'weekly')
            expect(rule.days.weekdays).toContain(getWeekday(Date.parse(date) / dayMs));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('two consecutive spans have the same occurrences as the whole span', () => {
    fc.assert(
      fc.property(anyRule, anyStart, fc.integer({ min: 0, max: 45 * dayMs }), (rule, from, part) => {
        const until = from + 45 * dayMs;
        const parts = [
          ...nextOccurrences(rule, { from, until: from + part }),
          ...nextOccurrences(rule, { from: from + part, until }),
        ];
        expect(parts).toEqual(nextOccurrences(rule, { from, until }));
      }),
      { numRuns: 60 },
    );
  });

  it('occurs at most as often as the rule allows, and a preview has the first occurrences', () => {
    fc.assert(
      fc.property(anyRule, anyStart, (rule, now) => {
        const all = nextOccurrences(rule, {
          from: Date.parse('2025-12-30'),
          until: Date.parse('2030-01-01'),
        });
        if (rule.until.kind === 'count') expect(all.length).toBeLessThanOrEqual(rule.until.count);
        const preview = previewOccurrences(rule, now, 5);
        expect(preview).toEqual(all.filter(({ t0 }) => t0 >= now + 5 * minuteMs).slice(0, preview.length));
        const due = dueOccurrences(rule, now);
        expect(due.slice(0, 5)).toEqual(preview.slice(0, Math.min(due.length, 5)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('missed occurrences', () => {
  it('are those of the rule since it was set, within the last week', () => {
    const past = (setAt: string, now: string) =>
      pastOccurrences(evening, { setAt: Date.parse(setAt), now: Date.parse(now) }).map(({ date }) => date);
    expect(past('2026-12-11T13:00:00Z', '2026-12-13T12:56:00Z')).toEqual(['2026-12-12', '2026-12-13']);
    expect(past('2026-12-11T12:50:00Z', '2026-12-13T12:50:00Z')).toEqual(['2026-12-11', '2026-12-12']);
    expect(past('2026-12-01T00:00:00Z', '2026-12-31T14:00:00Z')).toHaveLength(7);
    expect(past('2026-12-11T13:00:00Z', '2026-12-11T13:01:00Z')).toEqual([]);
  });
});

describe('a change of the recurrence rule', () => {
  const existing = (isReplaceable = true, isCurrent = true): readonly ExistingOccurrence[] =>
    nextOccurrences(evening, { from: Date.parse('2026-12-11'), until: Date.parse('2026-12-14') }).map(
      (each) => ({ ...each, isReplaceable, isCurrent, problems: [] }),
    );
  const now = Date.parse('2026-12-12T13:00:00Z');
  const replacedBy = (rule: RecurrenceRule, found = existing()) =>
    findReplaced(rule, found, now).map(({ date }) => date);

  it('replaces occurrences that are no longer in it, and no unchanged ones', () => {
    expect(replacedBy({ ...evening, aheadDays: 3 })).toEqual([]);
    expect(replacedBy({ ...evening, days: { kind: 'weekly', weekdays: [5, 6] } })).toEqual(['2026-12-13']);
    expect(replacedBy({ ...evening, endMinute: 330 })).toEqual(['2026-12-11', '2026-12-12', '2026-12-13']);
    expect(replacedBy({ ...evening, until: { kind: 'date', date: '2026-12-12' } })).toEqual(['2026-12-13']);
  });

  it('replaces occurrences of an older plan, except those that have begun or were changed manually', () => {
    expect(replacedBy(evening, existing(true, false))).toHaveLength(3);
    expect(replacedBy({ ...evening, endMinute: 330 }, existing(false, false))).toEqual([]);
  });

  it('retries occurrences that could not be scheduled, unless their T0 has passed', () => {
    const problems = [{ message: 't0.frozen' }];
    const found = existing().map((each) => ({ ...each, problems }));
    expect(replacedBy(evening, found)).toEqual(['2026-12-13']);
  });
});
