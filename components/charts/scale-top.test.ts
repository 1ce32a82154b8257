import { expect, it } from 'vitest';
import { scaleTop } from './scale-top';

it('covers all values and the limit, and increases in steps', () => {
  expect(scaleTop([], null)).toBe(1);
  expect(scaleTop([100], 50)).toBe(100);
  expect(scaleTop([12, 340], 5000)).toBe(10_000);
  expect(scaleTop([12, 340], null)).toBe(500);
  expect(scaleTop([0.6], 5)).toBe(10);
  expect(scaleTop([501], null)).toBe(1000);
});
