import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { createTranslator } from 'next-intl';
import { describe, expect, it } from 'vitest';
import { Diversion } from '@/lib/diversion/diversion';
import { phases } from '@/lib/diversion/phase';
import { type TestInvocationVerdict, testInvocationFailures } from '@/lib/estate/functions/test-invocation';
import type { Estate } from '@/lib/estate/model';
import { answerFaults } from '@/lib/function-contract/function-answer';
import { invariant } from '@/lib/invariant';
import { messages } from '@/lib/messages/messages';
import type { AnyKeyTranslator } from '@/lib/messages/use-any-key';
import { stepWords } from '@/lib/plan/model/words';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { noConditions } from '@/lib/preflight/model/conditions';
import { checkIds, type Finding } from '@/lib/preflight/model/model';
import { preflight } from '@/lib/preflight/preflight';
import {
  arbitraryEstate,
  testEstate,
  testFunction,
  testFunctionRoute,
  testListener,
  testLoadBalancer,
  testSplit,
} from '@/testing/plan/test-estate';
import { buildTestInvocation } from '@/testing/preflight/build-test-invocation';

/** A strict translator: a missing key or value fails the test. */
const t = createTranslator({
  locale: 'en',
  messages: { diversion: messages.diversion, plan: messages.plan, preflight: messages.preflight },
  onError(error) {
    throw error;
  },
  // As in the components, keys are plain strings here: they come from the checks and from the steps.
}) as unknown as AnyKeyTranslator;

const folder = fileURLToPath(new URL('../../../lib/preflight/', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(`${folder}${name}`, 'utf8') }));

/** Returns a finding as text. */
const sentence = (finding: Finding) =>
  t.rich(`preflight.why.${finding.why}`, { ...finding.values, b: (text) => text });

describe('the texts of the preflight', () => {
  it('name every check', () => {
    for (const id of checkIds) expect(t.has(`preflight.check.${id}`), id).toBe(true);
  });

  it('exist for every reason that a check can give', () => {
    const used = sources.flatMap(({ text }) => {
      const id = /createFindings\(\s*'([a-z-]+)'/.exec(text)?.[1];
      return [...text.matchAll(/why: '(\w+)'/g)].flatMap(([, why]) => (id ? [`${id}.${why}`] : []));
    });
    expect(used.length).toBeGreaterThan(checkIds.length);
    for (const key of used) expect(t.has(`preflight.why.${key}`), key).toBe(true);
  });

  it('contain no reason that no check gives', () => {
    const reasons = Object.entries(messages.preflight.why).flatMap(([id, whys]) =>
      Object.keys(whys).map((why) => ({ id, why })),
    );
    for (const { id, why } of reasons) {
      const file = sources.find(({ text }) => new RegExp(`createFindings\\(\\s*'${id}'`).test(text));
      expect(file?.text, `${id}.${why}`).toContain(`why: '${why}'`);
    }
  });

  it('exist for every fix', () => {
    const named = sources.flatMap(({ text }) => [...text.matchAll(/label(?:: | = )'(\w+)'/g)]);
    expect(named.length).toBeGreaterThan(10);
    for (const [, key] of named) expect(Object.keys(messages.preflight.fix)).toContain(key);
    // Some are chosen from a table: each text is that of a label there or here.
    for (const key of Object.keys(messages.preflight.fix))
      expect(
        sources.some(({ text }) => text.includes(`'${key}'`)),
        key,
      ).toBe(true);
  });

  it('form a complete sentence for every finding', () => {
    const unlucky = testEstate({
      account: { uin: '1', networkAccountType: null },
      zones: [],
      functions: [testFunction({ type: 'HTTP', status: 'Creating', versions: ['$LATEST'] })],
      loadBalancers: [
        testLoadBalancer('lb-cvm', { isolated: true }),
        testLoadBalancer('lb-scf', {
          region: 'ap-jakarta',
          generation: 'classic',
          vpcId: null,
          addressFamily: 'ipv6-full-chain',
          vips: [],
        }),
      ],
    });
    fc.assert(
      fc.property(fc.oneof(arbitraryEstate, fc.constant(unlucky)), (estate) => {
        for (const finding of preflight({ estate, diversion: testSplit() })) {
          expect(sentence(finding)).toBeTruthy();
          const { fix } = finding;
          if (fix) expect(t(`preflight.fix.${fix.label}`, fix.values)).toBeTruthy();
        }
      }),
    );
  });
});

it('the texts of a test invocation name each fault and each failure distinctly', () => {
  const estate = testEstate();
  const told = (verdict: TestInvocationVerdict) => {
    const conditions = { ...noConditions(estate), testInvocations: [buildTestInvocation({ verdict })] };
    const found = preflight({ estate, diversion: testSplit(), conditions });
    return found.filter(({ check }) => check === 'response-contract').map(sentence);
  };
  const faults = [...answerFaults, 'notJson', 'tooLarge'] as const;
  const sentences = [
    ...told({ kind: 'broken', faults }),
    ...testInvocationFailures.flatMap((failure) => told({ kind: 'failed', failure })),
  ];
  expect(sentences).toHaveLength(faults.length + testInvocationFailures.length);
  expect(new Set(sentences.map(String)).size).toBe(sentences.length);
});

/** Returns an estate whose load balancers each have a second listener. */
function withListeners(estate: Estate): Estate {
  const more = estate.loadBalancers.map(({ id }) =>
    testListener(id, { id: `lbl2-${id}`, protocol: 'HTTPS', port: 443, certificateId: 'cert-1' }),
  );
  return testEstate({ ...estate, listeners: [...estate.listeners, ...more] });
}

const secondListener = { listenerId: 'lbl2-lb-scf', rule: { kind: 'new', url: '/', certificateId: null } };
const functionRoutes = [
  testFunctionRoute(),
  testFunctionRoute(secondListener),
  testFunctionRoute({ rule: { kind: 'new', url: '/cart' } }),
  testFunctionRoute({ domain: 'shop.example.co.id' }),
];

/** Diversions of each kind, with several routes, ramps and lowered TTLs. */
const arbitraryDiversion: fc.Arbitrary<Diversion> = fc
  .record({
    kind: fc.constantFrom('access', 'split', 'switch'),
    routes: fc.subarray(functionRoutes, { minLength: 1 }),
    ramp: fc.constantFrom([100], [10, 50, 100], [30]),
    bakeS: fc.constantFrom(0, 300),
    lowerTtlS: fc.constantFrom(null, 5),
    toward: fc.constantFrom('function', 'cvm'),
  })
  .map(({ kind, routes, ramp, bakeS, lowerTtlS, toward }) => {
    const common = { kind, name: 'test', lowerTtlS };
    if (kind === 'access') return Diversion.parse({ ...common, routes });
    const [shop] = testSplit().routes;
    if (kind === 'split') {
      const flash = routes.filter(({ domain }) => domain !== shop?.domain);
      return Diversion.parse({
        ...common,
        routes: [shop, ...(flash.length > 0 ? flash : [testFunctionRoute()])],
      });
    }
    const [cvm] = testSplit({}, { domain: 'flash.example.co.id', rule: { kind: 'new', url: '/' } }).routes;
    const sides = [cvm, ...routes.filter(({ domain }) => domain === 'flash.example.co.id')];
    const shares = ramp.map((percent) => ({ percent, bakeS }));
    return Diversion.parse({
      ...common,
      routes: sides.length > 1 ? sides : [cvm, testFunctionRoute()],
      toward,
      ramp: shares,
    });
  });

describe('the texts of a plan', () => {
  it('explain why a plan is impossible without ids, which field errors don’t include', () => {
    for (const [choice, whys] of Object.entries(messages.diversion.problem)) {
      expect(Object.keys(whys)).toEqual(['gone', 'unread']);
      for (const why of Object.keys(whys)) expect(t(`diversion.problem.${choice}.${why}`)).toBeTruthy();
    }
  });

  it('name every phase', () => {
    for (const phase of phases) {
      expect(t.has(`plan.phase.${phase}`)).toBe(true);
      expect(t.has(`plan.phaseNote.${phase}`)).toBe(true);
    }
  });

  it('describe every step of every kind of plan, apply and rollback, differently', () => {
    const told = { keys: new Set<string>(), kinds: new Set<string>() };
    fc.assert(
      fc.property(arbitraryEstate, arbitraryDiversion, (estate, diversion) => {
        const planned = planDiversion({ estate: withListeners(estate), diversion, keepAliveS: 75 });
        invariant(planned.ok, 'the test estate has everything that the diversions name');
        for (const steps of [planned.value.steps, planned.value.rollback]) {
          const titles = steps.map((step) => {
            const { key, values } = stepWords(step);
            told.keys.add(key);
            return t(`plan.step.${key}`, values);
          });
          expect(new Set(titles).size, titles.join('\n')).toBe(titles.length);
          if (titles.length > 0) told.kinds.add(diversion.kind);
        }
      }),
      { numRuns: 300 },
    );
    expect(told.kinds).toEqual(new Set(['access', 'split', 'switch']));
    expect([...told.keys]).toEqual(
      expect.arrayContaining(['CreateRule', 'bake', 'oldTtl', 'newTtl', 'drain']),
    );
  });
});
