import { describe, expect, it } from 'vitest';
import { formatAge, formatCountdown, formatDuration, formatInstant } from './format-time';

describe('formatInstant', () => {
  const at = '2026-12-11T14:14:02Z';

  it('omits the date if it is today in that time zone', () => {
    expect(formatInstant(at, 'Asia/Jakarta', new Date('2026-12-11T16:30:00Z'))).toBe('21:14:02 WIB');
    expect(formatInstant(at, 'Asia/Jakarta', new Date('2026-12-11T17:30:00Z'))).toBe(
      '11 Dec 2026 21:14:02 WIB',
    );
  });

  it('shows the date if today is unknown, and the offset if a zone has no short name', () => {
    expect(formatInstant(at, 'UTC', null)).toBe('11 Dec 2026 14:14:02 UTC');
    expect(formatInstant(at, 'Asia/Singapore', null)).toBe('11 Dec 2026 22:14:02 GMT+8');
  });
});

describe('formatDuration and formatAge', () => {
  it('uses two units at most', () => {
    expect([380, 6100, 125_000].map(formatDuration)).toEqual(['380 ms', '6.1 s', '2 min 5 s']);
    expect([38_000, 840_000, 10_800_000, 172_800_000].map(formatAge)).toEqual([
      '38 s',
      '14 min',
      '3 h',
      '2 d',
    ]);
  });

  it('never shows 60 s for a minute or an age in the future', () => {
    expect(formatDuration(59_999)).toBe('1 min 0 s');
    expect(formatAge(-5000)).toBe('0 s');
  });
});

describe('formatCountdown', () => {
  it('counts in minutes, hours or days, and is never below zero', () => {
    expect([-500, 734_900, 6_738_000, 183_845_000].map(formatCountdown)).toEqual([
      '00:00',
      '12:14',
      '01:52:18',
      '2 d 03:04:05',
    ]);
  });
});
