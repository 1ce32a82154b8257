import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '@/lib/diversion/wall-clock';
import { weekStartAt } from './nights';
import { parseMonday, parseScheduleAddress, writeScheduleAddress } from './schedule-address';

const day = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays('2000-01-01', n));

describe('the address of the schedule', () => {
  it('survives a round trip and keeps other parameters', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('week' as const, 'list' as const),
        fc.option(day.map((date) => parseMonday(date))),
        fc.option(day),
        fc.option(fc.constantFrom('UTC', 'Asia/Jakarta', 'America/Sao_Paulo')),
        (view, week, night, zone) => {
          const query = writeScheduleAddress(new URLSearchParams('other=1&week=2020-01-06'), {
            view,
            week,
            night,
            zone,
          });
          expect(query.get('other')).toBe('1');
          expect(parseScheduleAddress(query)).toEqual({ view, week, night, zone });
        },
      ),
    );
  });

  it('omits defaults, and replaces invalid values with them', () => {
    const plain = { view: 'week', week: null, night: null, zone: null } as const;
    expect(writeScheduleAddress(new URLSearchParams('view=list&zone=UTC'), plain).toString()).toBe('');
    const odd = new URLSearchParams({
      view: 'moon',
      week: '2026-02-31',
      night: 'tonight',
      zone: 'Mars/Base',
    });
    expect(parseScheduleAddress(odd)).toEqual(plain);
  });

  it('shows the whole week of any of its days', () => {
    expect(parseMonday('2026-12-13')).toBe('2026-12-07');
    fc.assert(
      fc.property(day, (date) => {
        // That evening is in the night of that date.
        expect(parseMonday(date)).toBe(weekStartAt(Date.parse(`${date}T20:00:00Z`), 'UTC'));
      }),
    );
  });
});
