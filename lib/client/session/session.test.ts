// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageAfterSignIn } from './session';

test.each([
  ['/runs/R-0001?tab=steps#s1', '/runs/R-0001?tab=steps#s1'],
  [null, '/'],
  ['', '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/.//evil.example/', '/'],
  ['/runs/..//evil.example/', '/'],
  ['/\\evil.example/', '/'],
  ['/\t/evil.example/', '/'],
  ['javascript:alert(1)', '/'],
])('a sign-in that was asked for %j leads to %j', (next, page) => {
  expect(pageAfterSignIn(next)).toBe(page);
});

test('a sign-in never leads to another site', () => {
  const addresses = fc.string({ unit: fc.constantFrom('/', '\\', '\t', '\n', '.', '@', ':', 'a', '?') });
  fc.assert(
    fc.property(addresses, (next) => {
      const page = pageAfterSignIn(next);
      expect(page).toMatch(/^\/(?![/\\])/);
      expect(new URL(page, location.origin).origin).toBe(location.origin);
    }),
    { numRuns: 2000 },
  );
});
