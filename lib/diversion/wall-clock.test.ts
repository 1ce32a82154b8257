import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, instantOfWall, wallAt } from './wall-clock';

const zones = ['UTC', 'Asia/Jakarta', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
const second = fc.integer({ min: Date.UTC(2024, 0) / 1000, max: Date.UTC(2032, 0) / 1000 });

describe('the clock on the wall', () => {
  it.each([
    ['2026-12-12', '00:00:00', 'Asia/Jakarta', '2026-12-11T17:00:00.000Z'],
    ['2026-12-12', '00:00', 'UTC', '2026-12-12T00:00:00.000Z'],
    // Skipped and repeated hours in Berlin.
    ['2026-03-29', '02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25', '02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ])('says %s %s in %s at %s', (date, time, zone, instant) => {
    expect(new Date(instantOfWall({ date, time }, zone) ?? 0).toISOString()).toBe(instant);
  });

  it.each([
    ['', '00:00'],
    ['2026-02-30', '00:00'],
    ['2026-12-12', '24:00'],
    ['2026-12-12', ''],
    ['12.12.2026', '10:00'],
  ])('never says %j %j', (date, time) => {
    expect(instantOfWall({ date, time }, 'UTC')).toBeNull();
  });

  it('leads back to the instant it was read at, but for an hour that comes twice', () => {
    fc.assert(
      fc.property(second, fc.constantFrom(...zones), (s, zone) => {
        const at = s * 1000;
        const wall = wallAt(at, zone);
        const back = instantOfWall(wall, zone);
        expect(back).not.toBeNull();
        expect(wallAt(back ?? 0, zone)).toEqual(wall);
        expect(at - (back ?? 0)).toBeGreaterThanOrEqual(0);
        expect(at - (back ?? 0)).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  it('counts days over the ends of months', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  });
});
