import { describe, expect, it } from 'vitest';
import { targetsPerCallMax } from '@/lib/estate/facts/limits';
import type { Estate } from '@/lib/estate/model';
import type {
  ListenerRef,
  LoadBalancerRef,
  ObjectState,
  ProvisionedRef,
  RecordSetRef,
  RuleRef,
} from '@/lib/estate/object';
import { sameState } from '@/lib/estate/object-state';
import { testEstate, testFunction, testRecord, testRule, testSplit } from '@/testing/plan/test-estate';
import { walkThere } from '@/testing/plan/test-walk';
import { createStock } from '@/testing/simulation/cloud/stock';
import { planHash } from './model/hash';
import type { Restore } from './model/model';
import { planRestore } from './plan-restore';
import { replan } from './replan';

/* Tests of how a plan restores one object: the calls, their order, and the reasons why a restore is impossible. */

const place = { region: 'ap-singapore', loadBalancerId: 'lb-cvm', listenerId: 'lbl-lb-cvm' } as never as Pick<
  RuleRef,
  'region' | 'loadBalancerId' | 'listenerId'
>;
const rule: RuleRef = { kind: 'rule', ...place, domain: 'shop.example.co.id', url: '/' };
const name: RecordSetRef = {
  kind: 'recordSet',
  zone: 'example.co.id',
  subdomain: 'shop',
  lineId: '0',
  line: '默认',
};
const warm: ProvisionedRef = {
  kind: 'provisioned',
  region: 'ap-singapore',
  namespace: 'flash',
  name: 'storefront',
  qualifier: '1',
};
const loadBalancer: LoadBalancerRef = { kind: 'loadBalancer', region: 'ap-singapore', name: 'lb-new' };
const listener: ListenerRef = {
  kind: 'listener',
  region: 'ap-singapore',
  protocol: 'HTTP',
  port: 81,
  loadBalancerId: place.loadBalancerId,
};

const target = (port: number, weight = 10) => ({ instanceId: 'ins-web00001', port, weight });
const bound = (qualifier: string, qualifierType: 'VERSION' | 'ALIAS' | null = 'VERSION') => ({
  namespace: 'flash',
  name: 'storefront',
  qualifier,
  qualifierType,
  weight: 10,
});
const ruleState = (targets: object[], functions: object[] = []) =>
  ({ kind: 'rule', exists: true, targets, functions }) as ObjectState;
const noRule: ObjectState = { kind: 'rule', exists: false, targets: [], functions: [] };
const record = (type: string, value: string, change: object = {}) => ({
  type,
  value,
  ttlS: 60,
  weight: null,
  enabled: true,
  ...change,
});
const set = (...records: object[]) => ({ kind: 'recordSet', records }) as ObjectState;

const asTarget = (given: object) => ({ kind: 'CVM', instanceName: null, privateIp: null, ...given });
const withRule = (targets: object[], functions: object[] = []) => ({
  rules: [testRule('loc-shop', 'lb-cvm', rule.domain, { targets: targets.map(asTarget), functions })],
});
const withRecords = (...records: ReturnType<typeof record>[]) => ({
  records: records.map(({ type, value, ...rest }, nth) =>
    testRecord(20 + nth, 'shop', value, { type, ...rest }),
  ),
});

function restore(change: object, ...restores: readonly Restore[]) {
  const estate = testEstate(change as Partial<Record<keyof Estate, unknown>>);
  return { estate, planned: planRestore({ estate, diversion: testSplit(), restores, keepAliveS: 75 }) };
}

/** Returns the calls of a restore with their phases, and checks that it reaches the intended state. */
function listCalls(change: object, ...restores: readonly Restore[]): readonly string[] {
  const { estate, planned } = restore(change, ...restores);
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  const there = walkThere(createStock(estate), planned.value, () => 0);
  const last = new Map(planned.value.steps.flatMap((s) => (s.kind === 'write' ? [[s.object, s.after]] : [])));
  for (const { object, state } of restores) {
    const left = [...last].findLast(([each]) => JSON.stringify(each) === JSON.stringify(object))?.[1];
    expect(left && sameState(left, state)).toBe(true);
  }
  expect(there.done).toHaveLength(planned.value.steps.filter(({ kind }) => kind === 'write').length);
  return planned.value.steps.flatMap((s) => (s.kind === 'write' ? [`${s.phase} ${s.call.action}`] : []));
}

describe('a rule', () => {
  it.each<[string, object, ObjectState, readonly string[]]>([
    [
      'gets the weights of its targets back',
      withRule([target(80, 1)]),
      ruleState([target(80)]),
      ['divert ModifyTargetWeight'],
    ],
    [
      'gets targets before others go',
      withRule([target(81)]),
      ruleState([target(80)]),
      ['divert RegisterTargets', 'divert DeregisterTargets'],
    ],
    [
      'changes its function in one task',
      withRule([], [bound('2')]),
      ruleState([], [bound('1')]),
      ['divert ModifyFunctionTargets'],
    ],
    [
      'loses targets before a function comes',
      withRule([target(80)]),
      ruleState([], [bound('1')]),
      ['divert DeregisterTargets', 'divert RegisterFunctionTargets'],
    ],
    [
      'loses its function before targets come',
      withRule([], [bound('live', null)]),
      ruleState([target(80)]),
      ['divert DeregisterFunctionTargets', 'divert RegisterTargets'],
    ],
    [
      'is bound where nothing is',
      withRule([]),
      ruleState([], [bound('1')]),
      ['prewarm RegisterFunctionTargets'],
    ],
    [
      'is made again where it is gone',
      { rules: [] },
      ruleState([target(80)]),
      ['prewarm CreateRule', 'prewarm RegisterTargets'],
    ],
  ])('%s', (_name, change, state, calls) => {
    expect(listCalls(change, { object: rule, state })).toEqual(calls);
  });

  it('uses as many calls as the targets need', () => {
    const many = Array.from({ length: targetsPerCallMax + 1 }, (_, nth) => target(100 + nth));
    expect(listCalls(withRule(many), { object: rule, state: ruleState([target(80)]) })).toEqual([
      ...['divert RegisterTargets', 'divert DeregisterTargets', 'divert DeregisterTargets'],
    ]);
  });
});

describe('a name', () => {
  it.each<[string, object, ObjectState, readonly string[]]>([
    [
      'gets its value back',
      withRecords(record('A', '203.0.113.9')),
      set(record('A', '127.77.1.1')),
      ['divert ModifyRecordFields'],
    ],
    [
      'gets its type back in one call',
      withRecords(record('CNAME', 'x.example.net')),
      set(record('A', '1.1.1.1')),
      ['divert ModifyRecord'],
    ],
    [
      'gets weight and TTL back',
      withRecords(record('A', '1.1.1.1', { weight: 5, ttlS: 1 })),
      set(record('A', '1.1.1.1')),
      ['divert ModifyRecordFields', 'divert ModifyRecordFields'],
    ],
    [
      'answers before a record goes off',
      withRecords(record('A', '1.1.1.1'), record('A', '2.2.2.2', { enabled: false })),
      set(record('A', '1.1.1.1', { enabled: false }), record('A', '2.2.2.2')),
      ['divert ModifyRecordStatus', 'divert ModifyRecordStatus'],
    ],
    [
      'makes room for a type that excludes others',
      withRecords(record('A', '1.1.1.1'), record('A', '2.2.2.2')),
      set(record('A', '1.1.1.1', { enabled: false }), record('CNAME', 'x.example.net')),
      ['divert ModifyRecordStatus', 'divert ModifyRecord'],
    ],
    ['gets a record that was deleted', withRecords(), set(record('A', '1.1.1.1')), ['divert CreateRecord']],
  ])('%s', (_name, change, state, calls) => {
    expect(listCalls(change, { object: name, state })).toEqual(calls);
  });

  it('points back only after everything behind it is restored', () => {
    const change = { ...withRule([]), ...withRecords(record('A', '203.0.113.9')) };
    const restores = [
      { object: name, state: set(record('A', '127.77.1.1')) },
      { object: rule, state: ruleState([target(80)]) },
    ];
    expect(listCalls(change, ...restores)).toEqual(['prewarm RegisterTargets', 'divert ModifyRecordFields']);
    const { planned } = restore(change, ...restores);
    const steps = planned.ok ? planned.value.steps : [];
    expect(steps.map(({ kind, phase }) => `${phase} ${kind}`)).toEqual([
      ...['prewarm write', 'prewarm probe', 'divert write', 'verify probe', 'verify probe'],
    ]);
  });
});

describe('warm instances', () => {
  const warmed = (allocated: number) => ({
    functions: [
      testFunction({ provisioned: [{ qualifier: '1', allocated, available: allocated, status: 'Done' }] }),
    ],
  });
  const state = (instances: number): ObjectState => ({ kind: 'provisioned', instances });

  it('are requested and waited for; a decrease is only requested', () => {
    const buildSteps = (now: number, wanted: number) => {
      const { planned } = restore(warmed(now), { object: warm, state: state(wanted) });
      return planned.ok ? planned.value.steps.map((s) => (s.kind === 'write' ? s.call.action : s.kind)) : [];
    };
    expect(buildSteps(3, 5)).toEqual(['PutProvisionedConcurrencyConfig', 'probe']);
    expect(buildSteps(5, 3)).toEqual(['PutProvisionedConcurrencyConfig']);
    expect(buildSteps(5, 0)).toEqual(['DeleteProvisionedConcurrencyConfig']);
  });
});

describe('no restore plan exists for', () => {
  it.each<[string, string, object, Restore]>([
    ['what should not be there', 'absent', {}, { object: rule, state: noRule }],
    ['a rule whose listener is gone', 'placeGone', { listeners: [] }, { object: rule, state: ruleState([]) }],
    ['a name whose zone is gone', 'placeGone', { zones: [] }, { object: name, state: set() }],
    [
      'instances of a function that is gone',
      'placeGone',
      { functions: [] },
      { object: warm, state: { kind: 'provisioned', instances: 3 } },
    ],
    [
      'a load balancer',
      'recreated',
      {},
      { object: loadBalancer, state: { kind: 'loadBalancer', count: 1, network: 'OPEN', vpcId: 'vpc-1' } },
    ],
    [
      'a listener',
      'recreated',
      {},
      { object: listener, state: { kind: 'listener', exists: true, certificateId: null } },
    ],
    [
      'a name that someone has added a record to',
      'extraRecord',
      withRecords(record('A', '1.1.1.1'), record('A', '2.2.2.2')),
      { object: name, state: set(record('A', '1.1.1.1')) },
    ],
    [
      'a name by a way on which clients would get no answer',
      'stuck',
      withRecords(record('A', '1.1.1.1'), record('CNAME', 'x.example.net', { enabled: false })),
      {
        object: name,
        state: set(record('A', '1.1.1.1', { enabled: false }), record('CNAME', 'x.example.net')),
      },
    ],
  ])('%s', (_name, reason, change, wanted) => {
    expect(restore(change, wanted).planned).toEqual({
      ok: false,
      error: [{ object: wanted.object, reason }],
    });
  });
});

it('re-plans to the same hash, and not to the plan of its diversion', async () => {
  const { estate, planned } = restore(withRule([target(80, 1)]), {
    object: rule,
    state: ruleState([target(80)]),
  });
  if (!planned.ok) throw new Error('it can be planned');
  const again = replan(planned.value, estate, 75);
  expect(again.ok && (await planHash(again.value))).toBe(await planHash(planned.value));
  const { restores: _, ...whole } = planned.value;
  expect(replan(whole, estate, 75)).not.toMatchObject({ value: { steps: planned.value.steps } });
});
