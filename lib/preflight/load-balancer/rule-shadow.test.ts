import { expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRecord, testRule, testSplit, testTarget } from '@/testing/plan/test-estate';

const flash = 'flash.example.co.id';
const served = { targets: [testTarget()] };
/** Returns a rule of the function's listener. */
const beside = (domain: string, url = '/', change: object = {}) =>
  testRule(`loc ${domain}${url}`, 'lb-scf', domain, { url, ...change });

type Given = {
  readonly rules: readonly object[];
  readonly diversion?: Diversion;
  /** True if the name already points at the function's load balancer. */
  readonly isLed?: boolean;
};

function found({ rules, diversion = testSplit(), isLed = false }: Given) {
  const records = [
    testRecord(11, 'shop', '127.77.1.1'),
    testRecord(12, 'flash', isLed ? '127.77.1.2' : '127.77.1.1'),
  ];
  const estate = testEstate({ rules: [...testEstate().rules, ...rules], records });
  return preflight({ estate, diversion }).filter(
    ({ check, field }) => check === 'rule-shadow' && field === 'routes.1.rule',
  );
}

const at = (url: string) => testSplit({ rule: { kind: 'new', url } });
const existing = (ruleId: string) => testSplit({ rule: { kind: 'existing', ruleId } });

it.each<[string, Given]>([
  ['alone', { rules: [] }],
  ['under a wildcard, which the exact domain beats', { rules: [beside('*.example.co.id', '/', served)] }],
  ['beside longer paths', { rules: [beside(flash, '/cart', served), beside(flash, '= /pay', served)] }],
  ['below a shorter path', { rules: [beside(flash, '/', served)], diversion: at('/promo') }],
  [
    'on a wildcard that no exact domain precedes',
    { rules: [beside('*.example.co.id')], diversion: existing('loc *.example.co.id/') },
  ],
  [
    'on an expression for paths, which is not run',
    { rules: [beside(flash, '~ ^/x')], diversion: existing(`loc ${flash}~ ^/x`) },
  ],
])('passes a rule %s', (_, given) => {
  expect(found(given)).toMatchObject([{ status: 'pass', why: 'rule-shadow.pass' }]);
});

it.each<[string, Given, string, string, string]>([
  [
    'an exact domain before a wildcard',
    { rules: [beside('*.example.co.id'), beside(flash, '/x')], diversion: existing('loc *.example.co.id/') },
    ...(['block', 'otherDomain', flash] as const),
  ],
  [
    'a longer wildcard before a shorter one',
    {
      rules: [beside('*.co.id'), beside('*.example.co.id')],
      diversion: existing('loc *.co.id/'),
    },
    ...(['block', 'otherDomain', '*.example.co.id'] as const),
  ],
  [
    'a rule of exactly the path that the run asks for',
    { rules: [beside(flash, '= /', served)] },
    ...(['block', 'exactly', `${flash}= /`] as const),
  ],
  [
    'one that forbids expressions below the same path',
    { rules: [beside(flash, '^~ /promo', served)], diversion: at('/promo') },
    ...(['block', 'same', `${flash}^~ /promo`] as const),
  ],
  [
    'an expression for paths',
    { rules: [beside(flash, '~ \\.png$', served)] },
    ...(['warn', 'expression', `${flash}~ \\.png$`] as const),
  ],
])('finds %s', (_, given, status, why, other) => {
  const findings = found(given);
  expect(findings).toMatchObject([{ status, why: `rule-shadow.${why}`, values: { other } }]);
  expect(findings.some(stops)).toBe(status === 'block');
});

it('suggests a separate rule if another domain takes precedence', () => {
  const rules = [beside('*.example.co.id'), beside(flash, '/x')];
  const [finding] = found({ rules, diversion: existing('loc *.example.co.id/') });
  expect(finding?.fix?.patch).toEqual({ field: 'routes.1.rule', value: '/' });
});

it('ignores a rule that does not match the domain, which another check reports', () => {
  const given = { rules: [beside('other.example.co.id')], diversion: existing('loc other.example.co.id/') };
  expect(found(given)).toMatchObject([{ status: 'pass' }]);
});

it.each<[string, Given, string, string]>([
  [
    'a shorter path',
    { rules: [beside(flash, '/', served)], diversion: at('/promo') },
    ...(['takesOver', `${flash}/`] as const),
  ],
  [
    'a wildcard, all of whose paths it has',
    { rules: [beside('*.example.co.id', '/', served)] },
    ...(['takesOver', '*.example.co.id/'] as const),
  ],
  [
    'a wildcard, whose other paths get 404',
    { rules: [beside('*.example.co.id', '/', served)], diversion: at('/promo') },
    ...(['takesDomain', '*.example.co.id/'] as const),
  ],
  [
    'the default domain',
    { rules: [beside('event.example.org', '/', { ...served, isDefault: true })], diversion: at('/promo') },
    ...(['takesDomain', 'event.example.org/'] as const),
  ],
])(
  'blocks a new rule that immediately takes the requests of %s, because the name already points there, until it is acknowledged',
  (_, given, why, other) => {
    const values = { other, domain: flash };
    expect(found({ ...given, isLed: true })).toMatchObject([
      { status: 'block', why: `rule-shadow.${why}`, values, acknowledgement: { domain: flash } },
    ]);
    expect(found(given)).toMatchObject([{ status: 'pass' }]);
  },
);

it('ignores a shadowed rule that serves no requests', () => {
  expect(found({ rules: [beside('*.example.co.id')], isLed: true })).toMatchObject([{ status: 'pass' }]);
});

it('never blocks a plan that doesn’t change its CVM side', () => {
  const rules = [testRule('loc-x', 'lb-cvm', 'shop.example.co.id', { url: '= /', ...served })];
  const estate = testEstate({ rules: [...testEstate().rules, ...rules] });
  const [finding] = preflight({ estate, diversion: testSplit() }).filter(
    ({ check, status }) => check === 'rule-shadow' && status !== 'pass',
  );
  expect(finding).toMatchObject({ status: 'warn', why: 'rule-shadow.exactly', field: 'routes.0.rule' });
});
