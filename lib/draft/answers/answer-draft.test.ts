import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Diversion } from '@/lib/diversion/diversion';
import { toDraft } from '@/lib/diversion/to-draft';
import { applyChange } from '@/lib/draft/apply-change';
import { asDiversion } from '@/lib/draft/as-diversion';
import { type Draft, emptyDraft } from '@/lib/draft/draft';
import { DraftChange } from '@/lib/draft/draft-change';
import { readDraftJson, writeDraftJson } from '@/lib/draft/draft-json';
import { showChange } from '@/lib/draft/show-change';
import type { Estate } from '@/lib/estate/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { preflight } from '@/lib/preflight/preflight';
import {
  arbitraryEstate,
  testEstate,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { answerDraft } from './answer-draft';

const keepAliveS = 75;
const answer = (estate: Estate, draft: Draft, changes: readonly DraftChange[] = [], now = () => 0) =>
  answerDraft({ estate, keepAliveS }, { draft, changes }, (id) => id, now);

const domains = ['flash.example.co.id', 'shop.example.co.id', 'new.example.co.id', ''];
const arbitraryDraft = fc.constantFrom<Draft>(
  toDraft(testSplit()),
  toDraft(testSplit({ loadBalancerId: 'lb-cvm', listenerId: 'lbl-lb-cvm' })),
  toDraft(testSwitch({ ramp: [10, 100] })),
  { ...toDraft(testSplit()), lowerTtlS: Number.NaN },
);
const index = fc.constantFrom(0, 1, 7);
const arbitraryChange: fc.Arbitrary<DraftChange> = fc.oneof(
  fc.record({ kind: fc.constant('domain' as const), index, domain: fc.constantFrom(...domains) }),
  fc.record({
    kind: fc.constant('loadBalancer' as const),
    index,
    id: fc.constantFrom('lb-cvm', 'lb-scf', 'lb-none'),
  }),
  fc.record({
    kind: fc.constant('listener' as const),
    index,
    id: fc.constantFrom('lbl-lb-cvm', 'lbl-lb-scf'),
  }),
  fc.record({
    kind: fc.constant('rule' as const),
    index,
    rule: fc.constantFrom(
      { kind: 'existing' as const, ruleId: 'loc-shop' },
      { kind: 'existing' as const, ruleId: 'loc-b' },
      { kind: 'new' as const, url: '/sale', certificateId: null },
    ),
  }),
  fc.record({
    kind: fc.constant('function' as const),
    index,
    key: fc.constantFrom('ap-singapore/default/storefront:1', 'none'),
  }),
  fc.record({ kind: fc.constant('settle' as const), index }),
  fc.record({ kind: fc.constant('moveName' as const), name: fc.constantFrom(...domains), wave: index }),
);

describe('the answer to a draft', () => {
  it('has the plan and the findings of the resulting diversion', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEstate, arbitraryDraft, async (estate, draft) => {
        const { preview } = await answer(estate, draft);
        const parsed = Diversion.safeParse(asDiversion(draft, estate));
        expect(preview.diversion).toEqual(parsed.success ? parsed.data : null);
        if (!parsed.success) return;
        const plan = planDiversion({ estate, diversion: parsed.data, keepAliveS });
        expect(preview.plan).toEqual(
          plan.ok ? { state: 'ready', plan: plan.value } : { state: 'problems', problems: plan.error },
        );
        const found = new Set(preflight({ estate, diversion: parsed.data }).map(({ why }) => why));
        for (const { status, why } of preview.findings)
          expect([status, found.has(why)]).toEqual([status, true]);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same for a previewed and an applied choice', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEstate, arbitraryDraft, arbitraryChange, async (estate, draft, change) => {
        const basis = { estate, keepAliveS };
        expect(await applyChange(basis, showChange(draft, change), change)).toEqual(
          await applyChange(basis, draft, change),
        );
      }),
    );
  });

  it('accepts every change in the format of the page, including invalid numbers', () => {
    fc.assert(
      fc.property(arbitraryDraft, arbitraryChange, (draft, change) => {
        expect(readDraftJson(writeDraftJson({ draft, change }))).toEqual({ draft, change });
        expect(DraftChange.parse(change)).toEqual(change);
      }),
    );
  });
});

describe('a fix', () => {
  const classic = (rules: readonly object[]) =>
    testEstate({
      loadBalancers: [
        testLoadBalancer('lb-cvm'),
        testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] }),
        testLoadBalancer('lb-classic', { vips: ['127.77.1.3'], generation: 'classic' }),
      ],
      listeners: [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-classic')],
      rules: [testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }), ...rules],
    });
  const draft = toDraft(
    testSplit({
      loadBalancerId: 'lb-classic',
      listenerId: 'lbl-lb-classic',
      rule: { kind: 'new', url: '/', certificateId: null },
    }),
  );
  const fixOf = async (rules: readonly object[], now = () => 0) => {
    const { preview } = await answer(classic(rules), draft, [], now);
    return preview.findings.find(({ check }) => check === 'generation')?.fix?.patch ?? null;
  };

  it('is offered if it clears its finding', async () => {
    expect(await fixOf([])).toEqual({ field: 'routes.1.loadBalancerId', value: 'lb-scf' });
  });

  it('is not offered if it would create an equally severe finding', async () => {
    const taken = testRule('loc-flash', 'lb-scf', 'flash.example.co.id', { targets: [testTarget()] });
    expect(await fixOf([taken])).toBeNull();
  });

  it('is offered before a function is chosen, and judged by no finding about a listener to choose next', async () => {
    const flash = 'flash.example.co.id';
    const https = (id: string) => testListener(id, { id: `lbl-https-${id}`, protocol: 'HTTPS', port: 443 });
    const base = classic([
      testRule('loc-flash', 'lb-cvm', flash, { listenerId: 'lbl-https-lb-cvm', targets: [testTarget()] }),
    ]);
    const estate = testEstate({
      ...base,
      listeners: [...base.listeners, https('lb-cvm'), https('lb-scf')],
      records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1')],
    });
    const changes: readonly DraftChange[] = [
      { kind: 'domain', index: 0, domain: 'shop.example.co.id' },
      { kind: 'domain', index: 1, domain: flash },
      { kind: 'loadBalancer', index: 1, id: 'lb-classic' },
    ];
    const { findings, plan } = (await answer(estate, emptyDraft('split', ''), changes)).preview;
    expect(plan).toMatchObject({ state: 'incomplete' });
    expect(findings.filter(({ status }) => status === 'block')).toMatchObject([
      { why: 'generation.classic' },
      { why: 'still-served.noListener' },
    ]);
    expect(findings.find(({ check }) => check === 'generation')).toMatchObject({
      fix: { patch: { field: 'routes.1.loadBalancerId', value: 'lb-scf' } },
    });
  });

  it('is not offered for one side of a Split if it breaks that side, which the whole draft would refuse', async () => {
    const flash = 'flash.example.co.id';
    const served = ['lb-cvm', 'lb-classic'];
    const old = (id: string) => `lbl-old-${id}`;
    const base = classic(
      served.map((id) => testRule(`loc-${id}`, id, flash, { listenerId: old(id), targets: [testTarget()] })),
    );
    const estate = testEstate({
      ...base,
      listeners: [
        ...base.listeners,
        ...served.map((id) => testListener(id, { id: old(id), protocol: 'HTTPS', port: 8443 })),
      ],
      records: [testRecord(12, 'flash', '127.77.1.1')],
    });
    const empty = { listenerId: '', rule: { kind: 'existing', ruleId: '' } } as const;
    const oneSided = {
      ...draft,
      routes: draft.routes.map((route) => (route.to === 'cvm' ? { ...route, ...empty } : route)),
    };
    for (const each of [draft, oneSided]) {
      const { findings } = (await answer(estate, each)).preview;
      expect(findings.find(({ check }) => check === 'generation')).toMatchObject({
        status: 'block',
        fix: null,
      });
    }
  });

  it('is not offered after the time limit for trials', async () => {
    let time = 0;
    expect(await fixOf([], () => (time += 10_000))).toBeNull();
  });
});
