import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange } from '@/lib/draft/apply-change';
import { applyFix, type Patch } from '@/lib/draft/apply-fix';
import { asDiversion } from '@/lib/draft/as-diversion';
import { changeRoute } from '@/lib/draft/change-routes';
import { type Draft, emptyDraft, type RouteDraft } from '@/lib/draft/draft';
import { missingFields } from '@/lib/draft/draft-fields';
import { findingsForField } from '@/lib/draft/field-findings';
import { listBlocks } from '@/lib/draft/list-blocks';
import { buildPreview } from '@/lib/draft/preview';
import { fieldOfPath } from '@/lib/draft/preview-model';
import { chooseDomain, chooseLoadBalancer } from '@/lib/draft/route-choices';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import type { Estate } from '@/lib/estate/model';
import { noConditions, type PlanContext } from '@/lib/preflight/model/conditions';
import { toDraft } from '@/testing/components/test-draft';
import {
  arbitraryEstate,
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRecord,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { buildTestInvocation } from '@/testing/preflight/build-test-invocation';
import { fixableBlocks } from './fixable-blocks';

const keepAliveS = 75;
const complete = toDraft(testSplit());
/** Returns the draft after the first fix of each blocked field. */
async function fixAll(draft: Draft, estate: Estate): Promise<Draft> {
  const fixes = fixableBlocks(listBlocks(draft, (await preview(draft, estate)).findings));
  return applyChange({ estate, keepAliveS }, draft, { kind: 'fixAll', fixes });
}
const preview = (draft: Draft, estate = testEstate()) => buildPreview({ estate, draft, keepAliveS });

function changed(draft: Draft, index: number, change: object): Draft {
  const routes = draft.routes.map((route, nth) =>
    nth === index ? ({ ...route, ...change } as RouteDraft) : route,
  );
  return { ...draft, routes };
}

describe('an empty draft', () => {
  it('has no findings and no errors, only what is missing', async () => {
    const empty = await preview(emptyDraft('split', 'test'));
    expect(empty.findings).toEqual([]);
    expect(empty.errors).toEqual({});
    expect(empty.readiness).toEqual({ can: false, why: 'missing', field: 'routes.0.domain' });
  });
});

describe('a test invocation of a function', () => {
  const testInvocationStatus = async (testInvocations: readonly TestInvocation[]) => {
    const { findings } = await buildPreview({
      estate: testEstate(),
      draft: complete,
      keepAliveS,
      testInvocations,
    });
    return findings.find(({ check }) => check === 'response-contract')?.status;
  };

  it('decides the finding while its route is being edited; without one, the finding is unknown', async () => {
    expect(await testInvocationStatus([])).toBe('unknown');
    expect(await testInvocationStatus([buildTestInvocation()])).toBe('pass');
    const verdict = { kind: 'broken', faults: ['noStatus'] } as const;
    expect(await testInvocationStatus([buildTestInvocation({ verdict })])).toBe('block');
  });
});

describe('a draft with some choices', () => {
  const classic = testEstate({
    loadBalancers: [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], generation: 'classic' }),
    ],
    listeners: [testListener('lb-cvm')],
  });
  const withBalancer = (estate: ReturnType<typeof testEstate>) =>
    changeRoute(estate, emptyDraft('split', 'test'), 1, (route) =>
      chooseLoadBalancer(estate, route, 'lb-scf'),
    );

  it('checks a load balancer as soon as it is chosen, even without a listener', async () => {
    const draft = withBalancer(classic);
    const { findings } = await preview(draft, classic);
    expect(findings.filter((f) => f.status === 'block').map((f) => f.why)).toEqual(['generation.classic']);
    expect(listBlocks(draft, findings)[0]?.field).toBe('routes.1.loadBalancerId');
  });

  it('reports nothing about missing choices', async () => {
    const shown = new Set((await preview(withBalancer(testEstate()))).findings.map((f) => f.field));
    expect(shown).toEqual(new Set(['routes.1.loadBalancerId', 'routes.1.listenerId', 'routes.1.rule']));
  });

  it('shows findings about the account at the load balancer of the function', async () => {
    const estate = testEstate({ account: { uin: '1', networkAccountType: 'LEGACY' } });
    const { findings } = await preview(complete, estate);
    expect(findings.find((f) => f.check === 'account-type')).toMatchObject({
      field: 'routes.1.loadBalancerId',
      status: 'block',
    });
  });

  it('reports a schema error at its field', async () => {
    const { errors } = await preview(changed(complete, 1, { domain: 'not a name' }));
    expect(errors).toEqual({ 'routes.1.domain': [{ message: 'domain.invalid', values: {} }] });
  });

  it('has its own message for an invalid number', async () => {
    const target = { instanceId: 'ins-1', port: Number.NaN, weight: 10 };
    const { errors } = await preview(changed(complete, 0, { addTargets: [target] }));
    expect(errors).toEqual({ 'routes.0.addTargets': [{ message: 'invalid.addTargets', values: {} }] });
  });
});

describe('a complete draft', () => {
  it('has a plan that can be reviewed', async () => {
    const ready = await preview(complete);
    expect(ready.plan.state).toBe('ready');
    expect(ready.diversion).toEqual(testSplit());
    expect(ready.readiness).toEqual({ can: true });
  });

  it('cannot be reviewed while something blocks', async () => {
    const estate = testEstate({ functions: [testFunction({ type: 'HTTP' })] });
    expect((await preview(complete, estate)).readiness).toEqual({ can: false, why: 'blocked', count: 1 });
  });

  it('reports a choice that the estate no longer has', async () => {
    const gone = await preview(changed(complete, 1, { listenerId: 'lbl-gone' }));
    expect(gone.plan).toMatchObject({ state: 'problems', problems: [{ field: 'routes.1.listenerId' }] });
    expect(gone.findings.filter((f) => f.field === 'routes.1.listenerId')).toMatchObject([
      { check: 'choices', status: 'block', values: { id: 'lbl-gone' } },
    ]);
    expect(gone.readiness).toEqual({ can: false, why: 'blocked', count: 1 });
  });

  it('treats unread facts as blocking, because they also block the plan', async () => {
    const unread = await preview(complete, testEstate({ account: { uin: '1', networkAccountType: null } }));
    expect(unread.readiness).toEqual({ can: false, why: 'blocked', count: 1 });
    expect(listBlocks(complete, unread.findings).map(({ field }) => field)).toEqual([
      'routes.1.loadBalancerId',
    ]);
  });

  it('rejects a second route to one rule, at the rule of the later one', async () => {
    const [, second] = complete.routes;
    const draft = { ...complete, routes: [...complete.routes, { ...second, key: 'again' } as RouteDraft] };
    expect((await preview(draft)).errors).toEqual({
      'routes.2.rule': [{ message: 'routes.twice', values: {} }],
    });
  });
});

describe('other plans', () => {
  const others = (name: string): PlanContext => ({
    ...noConditions(testEstate()),
    others: [
      { id: 'P-0007', name, state: 'draft', span: null, objects: ['recordSet/flash.example.co.id/0'] },
    ],
  });
  const overlaps = async (name: string) =>
    (
      await buildPreview({
        estate: testEstate(),
        draft: complete,
        keepAliveS,
        context: others(name),
      })
    ).findings.filter(({ check, status }) => check === 'overlap' && status === 'warn');

  it('on the same objects are named while planning, except those that this plan supersedes', async () => {
    expect(await overlaps('Other')).toMatchObject([
      { why: 'overlap.draft', field: 'routes.1.loadBalancerId' },
    ]);
    expect(await overlaps(complete.name)).toEqual([]);
  });
});

describe('a name that loses its protection', () => {
  const estate = testEstate({
    records: [testRecord(12, 'flash', 'flash.example.co.id.eo.dnse3.com.', { type: 'CNAME' })],
  });

  it('blocks until the outage is acknowledged, which fixing all findings doesn’t do', async () => {
    const blocked = await preview(complete, estate);
    const [finding] = findingsForField(blocked.findings, 'routes.1.domain').filter(
      ({ status }) => status === 'block',
    );
    expect(finding).toMatchObject({
      why: 'protected-edge.shield',
      acknowledgement: { finding: 'protected-edge.shield', domain: 'flash.example.co.id' },
    });
    expect(await fixAll(complete, estate)).toEqual(complete);
    const outage = finding?.acknowledgement;
    if (outage === undefined) throw new Error('it can be acknowledged');
    const patch = (isAcknowledged: boolean): Patch => ({ field: 'acknowledged', outage, isAcknowledged });
    const accepted = applyFix(estate, complete, patch(true));
    expect(applyFix(estate, accepted, patch(true)).acknowledged).toEqual([outage]);
    expect(applyFix(estate, accepted, patch(false)).acknowledged).toEqual([]);
    expect(
      findingsForField((await preview(accepted, estate)).findings, 'routes.1.domain'),
    ).not.toContainEqual(expect.objectContaining({ status: 'block' }));
    // Once the domain is no longer named, its acknowledgement is dropped as well.
    const elsewhere = applyFix(estate, accepted, { field: 'routes.1.domain', value: 'event.example.co.id' });
    expect(asDiversion(elsewhere, estate).acknowledged).toEqual([]);
  });
});

describe('a lower TTL', () => {
  const zone = { id: 1, name: 'example.co.id', enabled: true, delegated: true, grade: 'DP_FREE' };
  const estate = testEstate({
    zones: [{ ...zone, minTtlS: 600 }],
    records: [testRecord(12, 'flash', '127.77.1.1', { ttlS: 3600 })],
  });

  it('is rejected below the minimum of the DNS plan of the zone', async () => {
    const low = { ...complete, lowerTtlS: 60 };
    const refused = await preview(low, estate);
    const [finding] = findingsForField(refused.findings, 'lowerTtlS');
    expect(finding).toMatchObject({ status: 'block', why: 'dns-ttl.belowFloor', values: { floor: 600 } });
    expect(refused.readiness).toEqual({ can: false, why: 'blocked', count: 1 });
    const patch = finding?.fix?.patch;
    expect(patch && applyFix(estate, low, patch).lowerTtlS).toBe(600);
  });

  it('is planned from that minimum on', async () => {
    const { plan } = await preview({ ...complete, lowerTtlS: 600 }, estate);
    const waits = plan.state === 'ready' ? plan.plan.steps.filter(({ kind }) => kind === 'bake') : [];
    // The second one restores the old TTL when the low one is no longer needed.
    expect(waits).toMatchObject([
      { phase: 'prewarm', oldTtlS: 3600 },
      { phase: 'drain', oldTtlS: 600 },
    ]);
  });
});

it('plans no provisioned concurrency for a function without a version', async () => {
  const latest = { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '$LATEST' };
  const { findings } = await preview(changed(complete, 1, { function: latest, provisioned: 5 }));
  expect(findings).toContainEqual(
    expect.objectContaining({
      field: 'routes.1.provisioned',
      status: 'block',
      why: 'warm-version.latest',
    }),
  );
});

describe('a Switch', () => {
  const whole = toDraft(testSwitch());

  it('has one field for its domain, which shows its findings once', async () => {
    const elsewhere = testEstate({ zones: [] });
    const zones = (await preview(whole, elsewhere)).findings.filter(({ check }) => check === 'dns-zone');
    expect(new Set(zones.map(({ field }) => field))).toEqual(new Set(['routes.0.domain']));
    expect(zones.length).toBe(new Set(zones.map(({ why, values }) => why + JSON.stringify(values))).size);
  });

  it('lists missing choices in the order of the form, with the domain once', () => {
    expect(missingFields(emptyDraft('switch', 'test'))).toEqual([
      ...['routes.0.domain', 'routes.0.loadBalancerId', 'routes.0.listenerId', 'routes.0.rule'],
      ...['routes.1.loadBalancerId', 'routes.1.listenerId', 'routes.1.rule', 'routes.1.function'],
      'routes.1.expectedBody',
    ]);
  });

  it('rejects one load balancer for both sides at the field that fixes it', async () => {
    const [cvm] = whole.routes;
    const { errors } = await preview(changed(whole, 1, { loadBalancerId: cvm?.loadBalancerId }));
    expect(errors).toEqual({
      'routes.1.loadBalancerId': [{ message: 'switch.oneLoadBalancer', values: {} }],
    });
  });

  it('rejects a falling ramp and a share that is not a number', async () => {
    const ramp = (...percents: number[]) => ({
      ...whole,
      ramp: percents.map((percent) => ({ percent, bakeS: 0 })),
    });
    expect((await preview(ramp(50, 10))).errors).toEqual({ ramp: [{ message: 'ramp.falls', values: {} }] });
    expect(Object.keys((await preview(ramp(Number.NaN, 100))).errors)).toEqual(['ramp']);
  });
});

describe('fixes', () => {
  const twoWrong = testEstate({
    loadBalancers: [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], generation: 'classic' }),
      testLoadBalancer('lb-good', { vips: ['127.77.1.3'] }),
    ],
    listeners: [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-good')],
    functions: [testFunction({ type: 'HTTP' }), testFunction({ name: 'event' })],
  });

  it('clear their own finding', async () => {
    const block = (await preview(complete, twoWrong)).findings.find((f) => f.check === 'generation');
    const patch = block?.fix?.patch;
    expect(patch).toBeTruthy();
    if (!patch) return;
    const fixed = await preview(applyFix(twoWrong, complete, patch), twoWrong);
    expect(fixed.findings.filter((f) => f.check === 'generation').map((f) => f.status)).toEqual(['pass']);
  });

  it('clear all their findings when the first fix of each field is applied', async () => {
    expect((await preview(complete, twoWrong)).readiness).toMatchObject({ why: 'blocked', count: 2 });
    const fixed = await fixAll(complete, twoWrong);
    expect((await preview(fixed, twoWrong)).readiness).toEqual({ can: true });
  });

  it('never clear another choice, for any estate', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEstate, async (estate) => {
        const draft = changeRoute(estate, complete, 1, (route) =>
          chooseDomain(estate, route, 'flash.example.co.id'),
        );
        for (const { fix } of (await preview(draft, estate)).findings) {
          if (!fix?.patch) continue;
          expect(missingFields(applyFix(estate, draft, fix.patch))).toEqual([]);
        }
      }),
    );
  });

  it('swap a rule in place', async () => {
    const draft = changed(complete, 1, {
      loadBalancerId: 'lb-cvm',
      listenerId: 'lbl-lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-flash' },
    });
    const block = (await preview(draft)).findings.find(({ why }) => why === 'rule-free.hasTargets');
    // The better fix is also offered: another load balancer, to which DNS moves the domain.
    expect(block?.fix?.patch).toEqual({ field: 'routes.1.loadBalancerId', value: 'lb-scf' });
    const swapped = await preview(
      applyFix(testEstate(), draft, { field: 'routes.1.rule', value: 'swap:loc-flash' }),
    );
    expect(swapped.diversion?.routes[1]?.rule).toEqual({ kind: 'swap', ruleId: 'loc-flash' });
    // Requests fail between the two tasks.
    const outage = swapped.findings.find(({ why }) => why === 'rule-free.swap')?.acknowledgement;
    expect(outage).toMatchObject({ domain: 'flash.example.co.id' });
    expect(swapped.readiness).toEqual({ can: false, why: 'blocked', count: 1 });
  });
});

it('maps a schema path to its field', () => {
  const of = (...path: (string | number)[]) => fieldOfPath(complete, path);
  expect(of('routes', 0, 'addTargets', 0, 'port')).toBe('routes.0.addTargets');
  expect(of('routes', 1, 'function', 'name')).toBe('routes.1.function');
  expect(of('routes')).toBe('routes.1.loadBalancerId');
  expect(of('name')).toBe('name');
  expect(of('kind')).toBeUndefined();
});
