import fc from 'fast-check';
import { expect, it } from 'vitest';
import { domainServing, ruleServing } from '@/lib/estate/match-rule';
import { compileMatcher } from './data-plane/http/match';

/** The planner and the load balancer must agree on which rule matches a request. */

const plain = ['a.test', 'b.a.test', '*.a.test', '*.test', 'a.*', 'b.a.*', 'A.other.test'];
const expressions = ['~^a', '~test$'];
const paths = ['/', '/a', '/a/', '/a/b', '= /a', '= /', '^~ /a', '^~ /a/b'];
const pathExpressions = ['~ ^/a', '~* B$'];
const hosts = [
  'a.test',
  'b.a.test',
  'c.b.a.test',
  'x.test',
  'a.org',
  'b.a.org',
  'test',
  'a.other.test',
  'none',
];
const asked = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/b', '/ab'];

const buildRules = (domains: readonly string[], urls: readonly string[]) =>
  fc
    .uniqueArray(
      fc.record({
        domains: fc.uniqueArray(fc.constantFrom(...domains), { minLength: 1, maxLength: 2 }),
        url: fc.constantFrom(...urls),
        isDefault: fc.boolean(),
      }),
      { maxLength: 6, selector: ({ domains: [domain], url }) => `${domain}${url}` },
    )
    .map((rules) =>
      rules.map(({ domains: [domain = '', ...furtherDomains], ...rest }, n) => ({
        id: n,
        domain,
        furtherDomains,
        domains: [domain, ...furtherDomains],
        ...rest,
        createdAt: `2026-01-0${n + 1}T00:00:00.000Z`,
      })),
    );
type Given = ReturnType<typeof buildRules> extends fc.Arbitrary<infer Rules> ? Rules : never;

/** Returns true if the cloud would refuse two rules beside each other: one path of a domain, twice. */
function clashes(rules: Given): boolean {
  const text = (url: string) => url.replace(/^\^~ /, '');
  const keys = rules.flatMap(({ domains, url }) => domains.map((domain) => `${domain} ${text(url)}`));
  return new Set(keys).size < keys.length;
}

function served(rules: Given, host: string, path: string) {
  const { domain, maybe } = domainServing(rules, host);
  const found = domain === null ? { rule: null, maybe: [] } : ruleServing(rules, domain, path);
  return { rule: found.rule?.id ?? null, maybe: [...maybe, ...found.maybe].map(({ id }) => id) };
}

function taken(rules: Given, host: string, path: string) {
  const timed = rules.map((rule) => ({ ...rule, createdAt: Date.parse(rule.createdAt) }));
  const match = compileMatcher(timed).match(host, path);
  return match.kind === 'addSlash' ? 'addSlash' : match.kind === 'rule' ? match.rule.id : null;
}

const host = fc.constantFrom(...hosts);
const path = fc.constantFrom(...asked);

it('predicts the rule that the load balancer uses if there are no expressions', () => {
  fc.assert(
    fc.property(buildRules(plain, paths), host, path, (rules, host, path) => {
      fc.pre(!clashes(rules));
      const real = taken(rules, host, path);
      fc.pre(real !== 'addSlash');
      expect(served(rules, host, path)).toEqual({ rule: real, maybe: [] });
    }),
    { numRuns: 2000 },
  );
});

it('includes the matching rule among the candidates if there are expressions', () => {
  const any = buildRules([...plain, ...expressions], [...paths, ...pathExpressions]);
  fc.assert(
    fc.property(any, host, path, (rules, host, path) => {
      fc.pre(!clashes(rules));
      const real = taken(rules, host, path);
      fc.pre(real !== 'addSlash' && real !== null);
      const { rule, maybe } = served(rules, host, path);
      expect([rule, ...maybe]).toContain(real);
    }),
    { numRuns: 2000 },
  );
});
