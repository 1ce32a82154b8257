import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationText, parseDuration } from './duration-text';

describe('durations as text', () => {
  it.each([
    ['5', 300],
    ['5 min', 300],
    ['90 s', 90],
    ['1h 30min', 5400],
    ['1 H 2 Min 3 S', 3723],
    ['', null],
    ['soon', null],
    ['5 days', null],
    ['-5 s', null],
  ])('parses %j', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it('parses its own output', () => {
    fc.assert(
      fc.property(fc.nat(200_000), (seconds) => {
        expect(parseDuration(durationText(seconds))).toBe(seconds);
      }),
    );
  });
});
