import { describe, expect, it } from 'vitest';
import {
  domainServing,
  getDefaultDomain,
  type Matchable,
  ruleServing,
  rulesOfSite,
  siteAnswering,
} from './match-rule';

const rule = (domain: string, url = '/', change: Partial<Matchable> = {}): Matchable => ({
  domain,
  domains: [domain],
  url,
  isDefault: false,
  createdAt: null,
  ...change,
});

describe('site that answers a host', () => {
  it.each([
    ['own', ['other.test', 'Shop.Test']],
    ['wildcard', ['other.test', '*.test']],
    ['wildcard', ['shop.*']],
    ['expression', ['other.test', '~^shop']],
    ['other', ['other.test']],
    ['other', ['*.other.test', 'x.shop.test']],
    ['none', []],
  ])('is %s by rules for %s', (site, domains) => {
    const rules = domains.map((domain) => rule(domain, '/', { isDefault: true }));
    expect(siteAnswering(rules, 'SHOP.test')).toBe(site);
    expect(rulesOfSite(rules, 'shop.test').length > 0).toBe(site !== 'other' && site !== 'none');
  });
});

describe('domain for a host', () => {
  const all = ['~^www\\.', 'www.a.*', '*.test', '*.a.test', 'www.a.test'].map((domain) => rule(domain));
  it.each([
    [5, 'www.a.test'],
    [4, '*.a.test'],
    [3, '*.test'],
    [2, 'www.a.*'],
  ])('picks from the first %i of these: %s', (count, domain) => {
    expect(domainServing(all.slice(0, count), 'www.a.test')).toEqual({ domain, isDefault: false, maybe: [] });
  });

  it('returns expressions as candidates without evaluating them', () => {
    const rules = [rule('~^(w+)+$'), rule('b.test', '/', { isDefault: true })];
    expect(domainServing(rules, 'www.a.test')).toEqual({
      domain: 'b.test',
      isDefault: true,
      maybe: [rules[0]],
    });
  });

  it('falls back to the marked default, then to the oldest domain, then to none', () => {
    const old = rule('old.test', '/', { createdAt: '2025-01-01T00:00:00Z' });
    const young = rule('young.test', '/', { createdAt: '2026-01-01T00:00:00Z' });
    expect(getDefaultDomain([young, old])).toBe('old.test');
    expect(getDefaultDomain([young, old, rule('m.test', '/', { isDefault: true })])).toBe('m.test');
    expect(getDefaultDomain([])).toBeNull();
  });
});

describe('rule for a path', () => {
  const urls = (...list: readonly string[]) => list.map((url) => rule('a.test', url));
  const served = (list: readonly Matchable[], path: string) => {
    const { rule: found, maybe } = ruleServing(list, 'a.test', path);
    return [found?.url ?? null, maybe.map(({ url }) => url)];
  };

  it.each([
    ['/a', ['= /a', []]],
    ['/a/b/c', ['/a/b', ['~ c$']]],
    ['/static/x', ['^~ /static', []]],
    ['/x', ['/', ['~ c$']]],
  ])('%s', (path, expected) => {
    expect(served(urls('/', '= /a', '/a', '/a/b', '^~ /static', '~ c$'), path)).toEqual(expected);
  });

  it('returns none if no rule is a prefix of the path', () => {
    expect(served([...urls('/a'), rule('b.test')], '/x')).toEqual([null, []]);
  });
});
