import { describe, expect, it } from 'vitest';
import { matchesDomain } from './match-domain';

describe('matchesDomain', () => {
  it.each([
    ['shop.example.co.id', 'shop.example.co.id', true],
    ['shop.example.co.id', 'SHOP.example.co.id', true],
    ['shop.example.co.id', 'a.shop.example.co.id', false],
    ['*.example.co.id', 'shop.example.co.id', true],
    ['*.example.co.id', 'a.shop.example.co.id', true],
    ['*.example.co.id', 'example.co.id', false],
    ['*', 'anything.example', true],
    ['pay*.example.co.id', 'pay-2.example.co.id', true],
    ['pay*.example.co.id', 'shop.example.co.id', false],
    ['*pay*.id', 'a.pay.example.id', true],
    ['a*a', 'a', false],
    ['', 'a', false],
  ])('%s and %s: %s', (pattern, name, fits) => {
    expect(matchesDomain(pattern, name)).toBe(fits);
  });

  it('takes no longer for a pattern with many stars', () => {
    expect(matchesDomain(`${'*a'.repeat(40)}b`, 'a'.repeat(80))).toBe(false);
  });
});
