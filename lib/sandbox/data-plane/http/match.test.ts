import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatcher, hostName, type MatchableRule } from './match';

type Rule = MatchableRule & { id: number };
const rules = (...list: [domain: string, url: string, isDefault?: boolean][]): Rule[] =>
  list.map(([domain, url, isDefault = false], id) => ({
    id,
    domain,
    url,
    isDefault,
    furtherDomains: [],
    createdAt: id,
  }));
const urls = (...list: string[]) => rules(...list.map((url): [string, string] => ['a.test', url]));
const taken = (list: Rule[], target: string, host = 'a.test') => {
  const match = compileMatcher(list).match(host, target);
  return match.kind === 'rule' ? match.rule.url : match.kind;
};
const matchDomain = (list: Rule[], name: string) => compileMatcher(list).rulesOf(name)[0]?.domain ?? null;

describe('domains', () => {
  const all = rules(
    ['~^w+\\.example\\.com$', '/'],
    ['www.example.*', '/'],
    ['*.example.com', '/'],
    ['www.example.com', '/'],
    ['fallback.test', '/', true],
  );
  const without = (count: number) => [...all.slice(0, count), ...all.slice(-1)];

  it.each([
    ['exact', all, 'www.example.com'],
    ['prefix wildcard', without(3), '*.example.com'],
    ['suffix wildcard', without(2), 'www.example.*'],
    ['regular expression', without(1), '~^w+\\.example\\.com$'],
    ['default', without(0), 'fallback.test'],
  ])('%s takes precedence over those below it', (_name, list, domain) => {
    expect(matchDomain(list, 'www.example.com')).toBe(domain);
  });

  it('match the longest wildcard, at any depth, but not the bare parent', () => {
    const list = rules(['*.com', '/'], ['*.example.com', '/'], ['d.test', '/', true]);
    expect(matchDomain(list, 'a.b.example.com')).toBe('*.example.com');
    expect(matchDomain(list, 'example.com')).toBe('*.com');
    expect(matchDomain(list, 'com')).toBe('d.test');
  });

  it('normalize a Host header', () => {
    expect(hostName('WWW.Example.com:8080')).toBe('www.example.com');
    expect(hostName('www.example.com.')).toBe('www.example.com');
  });

  it('fall back to the oldest rule when no default is marked, and to nothing without rules', () => {
    expect(matchDomain(rules(['b.test', '/'], ['a.test', '/']), 'x')).toBe('b.test');
    expect(matchDomain([], 'x')).toBeNull();
  });

  it('include the additional domains of a rule', () => {
    const [first, second] = rules(['a.test', '/'], ['b.test', '/b', true]);
    const list = [
      { ...(first ?? expect.fail('none')), furtherDomains: ['*.b.test', 'b.test'] },
      second,
    ].filter((rule) => rule !== undefined);
    expect(taken(list, '/x', 'www.b.test')).toBe('/');
    expect(taken(list, '/b', 'b.test:8080')).toBe('/b');
    expect(taken(list, '/x', 'b.test')).toBe('/');
  });

  it('tolerate an invalid expression', () => {
    expect(matchDomain(rules(['~(', '/'], ['d.test', '/', true]), 'x')).toBe('d.test');
  });

  it('always match the exact domain first', () => {
    const domain = fc.domain();
    fc.assert(
      fc.property(domain, fc.array(domain), (own, others) => {
        const list = rules(
          ['*.*', '/', true],
          ...[...others, own].map((name): [string, string] => [name, '/']),
        );
        expect(matchDomain(list, own)?.toLowerCase()).toBe(own.toLowerCase());
      }),
    );
  });
});

describe('URLs', () => {
  it('match exact, then ^~ of the longest prefix, then expressions, then the longest prefix', () => {
    const list = urls('/', '/img', '^~ /static/', '= /img/a.png', '~ \\.png$', '~* \\.JPG$', '/img/deep');
    expect(taken(list, '/img/a.png')).toBe('= /img/a.png');
    expect(taken(list, '/static/a.png')).toBe('^~ /static/');
    expect(taken(list, '/img/b.png')).toBe('~ \\.png$');
    expect(taken(list, '/img/b.PNG')).toBe('/img');
    expect(taken(list, '/img/b.jpg')).toBe('~* \\.JPG$');
    expect(taken(list, '/img/deep/x')).toBe('/img/deep');
    expect(taken(list, '/else')).toBe('/');
  });

  it('redirect /abc to /abc/ only when nothing matches /abc itself', () => {
    expect(taken(urls('/', '/abc/'), '/abc')).toBe('addSlash');
    expect(taken(urls('/', '/abc/', '/abc'), '/abc')).toBe('/abc');
    expect(taken(urls('/', '/abc/', '= /abc'), '/abc')).toBe('= /abc');
    expect(taken(urls('/abc'), '/abc/')).toBe('/abc');
  });

  it('normalize a path as nginx does: decoded, dots resolved, slashes merged; a query is not part of it', () => {
    const list = urls('/', '= /a b', '/x/', '/q');
    expect(taken(list, '/a%20b')).toBe('= /a b');
    expect(taken(list, '/y/../x/z')).toBe('/x/');
    expect(taken(list, '//x///z')).toBe('/x/');
    expect(taken(list, '/q?a=/x/')).toBe('/q');
    expect(compileMatcher(list).match('a.test', '/x?a=1')).toEqual({ kind: 'addSlash', location: '/x/?a=1' });
  });

  it('find nothing without a match, and never search another domain', () => {
    expect(taken(urls('/only'), '/else')).toBe('none');
    expect(taken(rules(['a.test', '/only'], ['b.test', '/', true]), '/else')).toBe('none');
  });

  it('match, of plain prefixes, the longest one that the path begins with', () => {
    const path = fc.array(fc.constantFrom('a', 'b'), { maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.array(path), path, (prefixes, asked) => {
        const match = compileMatcher(urls(...prefixes)).match('a.test', asked);
        const lengths = prefixes.filter((prefix) => asked.startsWith(prefix)).map((prefix) => prefix.length);
        if (match.kind === 'rule') {
          expect(asked.startsWith(match.rule.url)).toBe(true);
          expect(match.rule.url.length).toBe(Math.max(...lengths));
        } else if (match.kind === 'none') {
          expect(lengths).toEqual([]);
        } else {
          expect(prefixes).toContain(match.location);
        }
      }),
    );
  });
});
