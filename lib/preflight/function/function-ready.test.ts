import { describe, expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import { noConditions, type OtherPlan, type Span } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testBound,
  testEstate,
  testFunction,
  testFunctionRoute,
  testRule,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { findingsAbout } from '@/testing/preflight/test-function-checks';

const found = (given: Parameters<typeof findingsAbout>[1]) => findingsAbout('function-ready', given);

it('blocks a plan whose function the account may not call', () => {
  const fn = { availableStatus: 'Insufficient' };
  const findings = found({ fn });
  expect(findings).toMatchObject([{ why: 'function-ready.unavailable', values: { status: 'Insufficient' } }]);
  expect(findings.some(stops)).toBe(true);
  const away = found({ fn, diversion: testSwitch({ toward: 'cvm' }) });
  expect(away).toMatchObject([{ status: 'warn', why: 'function-ready.unavailable' }]);
});

it('shows that it could not be read, and does not block', () => {
  const findings = found({ fn: { availableStatus: null } });
  expect(findings).toMatchObject([{ status: 'unknown', why: 'function-ready.availability' }]);
  expect(findings.some(stops)).toBe(false);
});

const account = (clbTriggersMax: number | null) => ({
  scfAccounts: [
    {
      region: 'ap-singapore',
      quotaMb: null,
      allocatedMb: null,
      namespaces: [{ name: 'flash', provisionedMb: null, clbTriggersMax }],
    },
  ],
});

it.each([
  [3, 2, 'pass'],
  [2, 2, 'block'],
  [11, 10, 'pass'],
  [null, 9, 'pass'],
  [null, 10, 'block'],
])('for a namespace that allows %s triggers, one with %i: %s', (max, clbTriggerCount, status) => {
  expect(found({ fn: { clbTriggerCount }, more: account(max) })).toMatchObject([{ status }]);
});

it('counts the triggers that other routes of the plan add', () => {
  const { routes, ...rest } = testSplit();
  const second = testFunctionRoute({ domain: 'live.example.co.id' });
  const diversion = SplitDiversion.parse({ ...rest, routes: [...routes, second] });
  const [first, last] = found({ fn: { clbTriggerCount: 9 }, diversion });
  expect(first).toMatchObject({ status: 'pass' });
  expect(last).toMatchObject({
    why: 'function-ready.triggers',
    field: 'routes.2.function',
    values: { count: 11, beyond: 1 },
  });
});

it('blocks once for each function, with the total, however many routes are beyond its limit', () => {
  const { routes, ...rest } = testSplit();
  const others = Array.from({ length: 20 }, (_, n) => testFunctionRoute({ domain: `n${n}.example.co.id` }));
  const diversion = SplitDiversion.parse({ ...rest, routes: [...routes, ...others] });
  const blocked = found({ fn: { clbTriggerCount: 9 }, diversion }).filter(stops);
  expect(blocked).toMatchObject([{ field: 'routes.2.function', values: { count: 30, max: 10, beyond: 20 } }]);
});

it('needs no trigger for an already bound function', () => {
  const bound = { namespace: 'flash', name: 'storefront', qualifier: '1', qualifierType: null, weight: 10 };
  const shop = testRule('loc-shop', 'lb-cvm', 'shop.example.co.id');
  const rules = [shop, testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [bound] })];
  expect(found({ fn: { clbTriggerCount: 10 }, more: { rules } })).toMatchObject([{ status: 'pass' }]);
});

it.each([
  ['9', 'versions/9', 'versionUnread'],
  ['live', 'aliases/live', 'alias'],
])('does not take the version or alias %s for missing while one could not be read', (qualifier, odd, why) => {
  const diversion = testSplit({
    function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier },
  });
  const fn = { aliases: [] };
  const gap = (part: string) => ({
    gaps: [{ part: `scf/ap-singapore/flash/storefront/${part}`, reason: 'odd' }],
  });
  expect(found({ fn, diversion })).toMatchObject([{ status: 'block' }]);
  expect(found({ fn, diversion, more: gap(odd) })).toMatchObject([
    { status: 'unknown', why: `function-ready.${why}` },
  ]);
});

it('is unknown if a trigger that could not be read may be the last that fits', () => {
  const gaps = [{ part: 'scf/ap-singapore/flash/storefront/triggers/?', reason: 'odd' }];
  const unread = { status: 'unknown', why: 'function-ready.triggersUnread', values: { odd: 1, max: 10 } };
  expect(found({ fn: { clbTriggerCount: 9 }, more: { gaps } })).toMatchObject([unread]);
  expect(found({ fn: { clbTriggerCount: 8 }, more: { gaps } })).toMatchObject([{ status: 'pass' }]);
  expect(found({ fn: { clbTriggerCount: 10 }, more: { gaps } })).toMatchObject([{ status: 'block' }]);
});

describe('triggers of scheduled runs', () => {
  const hour = (n: number) => `2026-12-12T${String(n).padStart(2, '0')}:00:00.000Z`;
  /** A run that binds the function to a rule of its own. */
  const run = (
    n: number,
    from: number,
    until: number | null,
    change: Partial<OtherPlan> = {},
  ): OtherPlan => ({
    id: `R-000${n}`,
    name: `run ${n}`,
    state: 'scheduled',
    span: { from: hour(from), until: until === null ? null : hour(until) },
    objects: [],
    binds: [
      {
        rule: {
          kind: 'rule',
          region: 'ap-singapore',
          loadBalancerId: LoadBalancerId.parse('lb-scf'),
          listenerId: ListenerId.parse('lbl-lb-scf'),
          domain: `n${n}.example.co.id`,
          url: '/',
        },
        function: testFunctionRoute().function,
      },
    ],
    ...change,
  });
  const check = (span: Span | null, others: readonly OtherPlan[], more: object = {}) => {
    const estate = testEstate({ functions: [testFunction({ clbTriggerCount: 8 })], ...more });
    const conditions = { ...noConditions(estate), span, others };
    return preflight({ estate, diversion: testSplit(), conditions }).filter(
      (finding) => finding.check === 'function-ready',
    );
  };
  const span = { from: hour(1), until: hour(9) };

  it('count as far as they are in effect together with the plan', () => {
    expect(check(span, [run(1, 2, 4)])).toMatchObject([{ status: 'pass' }]);
    const two = [run(1, 2, 4), run(2, 3, 5)];
    expect(check(span, two)).toMatchObject([
      {
        status: 'block',
        why: 'function-ready.triggersPlanned',
        objects: ['flash/storefront', 'R-0001', 'R-0002'],
        values: { count: 11, max: 10, planned: 2, plans: 2 },
      },
    ]);
    // A series, one after the other, and one that ends before or begins after the plan.
    expect(check(span, [run(1, 2, 3), run(2, 3, 4), run(3, 4, 5)])).toMatchObject([{ status: 'pass' }]);
    expect(check(span, [run(1, 0, 1), run(2, 9, null), run(3, 2, 3)])).toMatchObject([{ status: 'pass' }]);
    // One that stays, and one whose time is unknown.
    expect(check(span, [run(1, 0, null), run(2, 8, 9)])).toMatchObject([{ status: 'block' }]);
    expect(check(span, [run(1, 0, null, { span: null }), run(2, 8, 9)])).toMatchObject([{ status: 'block' }]);
  });

  it('warn a plan without a schedule, which can avoid them', () => {
    const found = check(null, [run(1, 2, 4), run(2, 3, 5)]);
    expect(found).toMatchObject([{ status: 'warn', why: 'function-ready.triggersPlanned' }]);
    expect(check(null, [run(1, 2, 4), run(2, 4, 5)])).toMatchObject([{ status: 'pass' }]);
  });

  it('exclude drafts, other functions, and rules that are bound already', () => {
    const draft = run(2, 3, 5, { state: 'draft' });
    expect(check(span, [run(1, 2, 4), draft])).toMatchObject([{ status: 'pass' }]);
    const [binding] = run(2, 3, 5).binds ?? [];
    const elsewhere = binding && { ...binding, function: { ...binding.function, name: 'other' } };
    const others = [run(1, 2, 4), run(2, 3, 5, { binds: elsewhere ? [elsewhere] : [] })];
    expect(check(span, others)).toMatchObject([{ status: 'pass' }]);
    const bound = testRule('loc-n2', 'lb-scf', 'n2.example.co.id', { functions: [testBound] });
    const rules = [...testEstate().rules, bound];
    expect(check(span, [run(1, 2, 4), run(2, 3, 5)], { rules })).toMatchObject([{ status: 'pass' }]);
  });
});
