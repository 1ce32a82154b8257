import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { createTranslator } from 'next-intl';
import { describe, expect, it } from 'vitest';
import type { AnyKeyTranslator } from '@/components/ui/use-message';
import { phases } from '@/lib/diversion/phase';
import { type TestInvocationVerdict, testInvocationFailures } from '@/lib/estate/test-invocation';
import { answerFaults } from '@/lib/function-contract/function-answer';
import plan from '@/lib/messages/en/plan.json';
import preflightMessages from '@/lib/messages/en/preflight.json';
import { stepWords } from '@/lib/plan/model/words';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { noConditions } from '@/lib/preflight/model/conditions';
import { checkIds, type Finding } from '@/lib/preflight/model/model';
import { preflight } from '@/lib/preflight/preflight';
import {
  arbitraryEstate,
  testEstate,
  testFunction,
  testLoadBalancer,
  testSplit,
} from '@/testing/plan/test-estate';
import { buildTestInvocation } from '@/testing/preflight/build-test-invocation';

/** A strict translator: a missing key or value fails the test. */
const t = createTranslator({
  locale: 'en',
  messages: { plan, preflight: preflightMessages },
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
    const reasons = Object.entries(preflightMessages.why).flatMap(([id, whys]) =>
      Object.keys(whys).map((why) => ({ id, why })),
    );
    for (const { id, why } of reasons) {
      const file = sources.find(({ text }) => new RegExp(`createFindings\\(\\s*'${id}'`).test(text));
      expect(file?.text, `${id}.${why}`).toContain(`why: '${why}'`);
    }
  });

  it('exist for every fix', () => {
    const labels = sources.flatMap(({ text }) => [...text.matchAll(/label: '(\w+)'/g)].map(([, key]) => key));
    expect(new Set(labels)).toEqual(new Set(Object.keys(preflightMessages.fix)));
  });

  it('form a sentence for every finding, with all its values', () => {
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

describe('the texts of a plan', () => {
  it('explain why none can be made without naming ids, which field errors do not carry', () => {
    for (const [choice, whys] of Object.entries(plan.problem)) {
      expect(Object.keys(whys)).toEqual(['gone', 'unread']);
      for (const why of Object.keys(whys)) expect(t(`plan.problem.${choice}.${why}`)).toBeTruthy();
    }
  });

  it('name every phase', () => {
    for (const phase of phases) {
      expect(t.has(`plan.phase.${phase}`)).toBe(true);
      expect(t.has(`plan.phaseNote.${phase}`)).toBe(true);
    }
  });

  it('name every step, apply and rollback, over any estate', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const planned = planDiversion({ estate, diversion: testSplit(), keepAliveS: 75 });
        if (!planned.ok) throw new Error('the test estate has everything that the Split names');
        for (const step of [...planned.value.steps, ...planned.value.revert]) {
          const { key, values } = stepWords(step);
          expect(t(`plan.step.${key}`, values)).toBeTruthy();
        }
      }),
    );
  });
});
