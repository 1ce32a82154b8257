import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shorten } from './shorten';

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
