import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, shorten } from './shorten';

test('keeps a text that fits, and the start and end of a longer one', () => {
  expect(shorten('short', 10)).toBe('short');
  expect(shorten(`Traceback ${'-'.repeat(100)} SyntaxError: invalid syntax`, 40)).toBe(
    'Traceback  … SyntaxError: invalid syntax',
  );
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 10, max: 50 }), (text, max) => {
      expect(shorten(text, max).length).toBe(Math.min(text.length, max));
      expect(text.endsWith(shorten(text, max).slice(-5))).toBe(true);
    }),
  );
});

test('never leaves half of a character', () => {
  expect(cut('sale 🎉', 6)).toBe('sale ');
  expect(cut('sale 🎉', 7)).toBe('sale 🎉');
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 10, max: 50 }), (text, max) => {
      expect(cut(text, max).isWellFormed()).toBe(true);
      expect(shorten(text, max).isWellFormed()).toBe(true);
      expect(text.startsWith(cut(text, max))).toBe(true);
      expect(cut(text, max).length).toBeGreaterThanOrEqual(Math.min(text.length, max) - 1);
      expect(shorten(text, max).length).toBeLessThanOrEqual(max);
    }),
  );
});
