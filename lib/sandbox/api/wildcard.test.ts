import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsWildcard } from './permissions';

/** The reference: the same match by a regular expression. */
function byExpression(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`, 'i').test(text);
}

test('matches anything with a star, including nothing', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', ':', '*'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (pattern, given) => {
      const text = given.replaceAll('*', 'a');
      expect(fitsWildcard(pattern, text)).toBe(byExpression(pattern, text));
    }),
    { numRuns: 2000 },
  );
});
