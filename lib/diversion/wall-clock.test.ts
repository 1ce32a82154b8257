import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, instantOfWall, offsetMs, readWall, utcOffset, wallAt, wallNotes } from './wall-clock';

const zones = ['UTC', 'Asia/Jakarta', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
const second = fc.integer({ min: Date.UTC(2024, 0) / 1000, max: Date.UTC(2032, 0) / 1000 });

describe('wall clock', () => {
  it.each([
    ['2026-12-12', '00:00:00', 'Asia/Jakarta', '2026-12-11T17:00:00.000Z'],
    ['2026-12-12', '00:00', 'UTC', '2026-12-12T00:00:00.000Z'],
    // Skipped and repeated hours in Berlin.
    ['2026-03-29', '02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25', '02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ])('reads %s %s in %s at %s', (date, time, zone, instant) => {
    expect(new Date(instantOfWall({ date, time }, zone) ?? 0).toISOString()).toBe(instant);
  });

  it.each([
    ['', '00:00'],
    ['2026-02-30', '00:00'],
    ['2026-12-12', '24:00'],
    ['2026-12-12', ''],
    ['12.12.2026', '10:00'],
  ])('never reads %j %j', (date, time) => {
    expect(instantOfWall({ date, time }, 'UTC')).toBeNull();
  });

  it('maps back to its instant, except in an hour that occurs twice', () => {
    fc.assert(
      fc.property(second, fc.constantFrom(...zones), (s, zone) => {
        const at = s * 1000;
        const wall = wallAt(at, zone);
        const back = instantOfWall(wall, zone);
        expect(back).not.toBeNull();
        // Without the offset, which tells the second occurrence from the first.
        expect(wallAt(back ?? 0, zone)).toMatchObject({ date: wall.date, time: wall.time });
        expect(at - (back ?? 0)).toBeGreaterThanOrEqual(0);
        expect(at - (back ?? 0)).toBeLessThanOrEqual(3_600_000);
      }),
      // In the hour that occurs twice in Berlin.
      { examples: [[Date.UTC(2026, 9, 25, 1, 30) / 1000, 'Europe/Berlin']] },
    );
  });

  it.each([
    ['2026-10-25', '02:30:00', 'Europe/Berlin', ['+02:00', '+01:00']],
    ['2026-11-01', '01:15', 'America/New_York', ['-04:00', '-05:00']],
    // The clocks go back by half an hour.
    ['2027-04-04', '01:45:00', 'Australia/Lord_Howe', ['+11:00', '+10:30']],
    ['2026-12-12', '02:30:00', 'Europe/Berlin', []],
  ])('lists the offsets to choose from at %s %s in %s: %j', (date, time, zone, offsets) => {
    expect(wallNotes({ date, time }, zone)).toEqual({ offsets, isSkipped: false });
    const meant = offsets.map((offset) => readWall({ date, time, offset }, zone));
    expect(meant.map(({ kind }) => kind)).toEqual(offsets.map(() => 'instant'));
    expect(new Set(meant.map((each) => JSON.stringify(each))).size).toBe(offsets.length);
  });

  it.each([
    ['2026-03-29', '02:30:00', 'Europe/Berlin'],
    ['2026-03-08', '02:00', 'America/New_York'],
  ])('does not exist at %s %s in %s', (date, time, zone) => {
    expect(readWall({ date, time }, zone)).toEqual({ kind: 'skipped' });
    expect(wallNotes({ date, time }, zone)).toEqual({ offsets: [], isSkipped: true });
  });

  it('property: round-trips every instant in every zone', () => {
    const all = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    fc.assert(
      fc.property(second, all, (s, zone) => {
        expect(readWall(wallAt(s * 1000, zone), zone)).toEqual({ kind: 'instant', at: s * 1000 });
      }),
      { numRuns: 2000 },
    );
  });

  it('property: never guesses an ambiguous time, and rejects a skipped one', () => {
    // Around a change of the clocks, where both kinds are.
    const changes = [
      ['Europe/Berlin', Date.UTC(2026, 9, 25, 1)],
      ['Europe/Berlin', Date.UTC(2026, 2, 29, 1)],
      ['America/New_York', Date.UTC(2026, 10, 1, 6)],
      ['Australia/Lord_Howe', Date.UTC(2027, 3, 3, 15)],
      ['America/St_Johns', Date.UTC(2026, 2, 8, 5, 30)],
    ] as const;
    const quarter = 900_000;
    for (const [zone, at] of changes) {
      // The expected instants, computed only from the local time at each instant.
      const saidAt = new Map<string, number[]>();
      for (let each = at - 48 * quarter; each <= at + 48 * quarter; each += quarter) {
        const text = new Date(each + offsetMs(zone, each)).toISOString();
        saidAt.set(text, [...(saidAt.get(text) ?? []), each]);
      }
      const wallText = at + offsetMs(zone, at);
      fc.assert(
        fc.property(fc.integer({ min: -32, max: 32 }), (quarters) => {
          const text = new Date(wallText + quarters * quarter).toISOString();
          const said = saidAt.get(text) ?? [];
          const wall = { date: text.slice(0, 10), time: text.slice(11, 19) };
          const reading = readWall(wall, zone);
          expect(reading.kind, text).toBe(['skipped', 'instant', 'ambiguous'][said.length]);
          if (reading.kind !== 'ambiguous') return;
          expect(reading.instants).toEqual(said);
          expect(said.map((each) => utcOffset(each, zone))).toEqual(wallNotes(wall, zone).offsets);
        }),
      );
    }
  });

  it('counts days across months', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  });
});
