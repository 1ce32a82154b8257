import { expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testClbQuota,
  testEstate,
  testFunctionRoute,
  testListener,
  testRule,
  testSplit,
} from '@/testing/plan/test-estate';

const found = (estate: ReturnType<typeof testEstate>, diversion: SplitDiversion = testSplit()) =>
  preflight({ estate, diversion }).filter(({ check }) => check === 'clb-quota');

const rulesOnB = (count: number) => [
  ...testEstate().rules,
  ...Array.from({ length: count }, (_, n) => testRule(`loc-${n}`, 'lb-scf', `n${n}.example.co.id`)),
];

const addsTargets = (count: number) =>
  testSplit(
    {},
    {
      addTargets: Array.from({ length: count }, (_, n) => ({
        instanceId: 'ins-1',
        port: 9000 + n,
        weight: 10,
      })),
    },
  );

it('adds the objects of the plan to the existing ones', () => {
  expect(found(testEstate({ rules: rulesOnB(44) }))).toMatchObject([
    {
      status: 'pass',
      values: { quota: 'rulesPerListener', count: 45, max: 50 },
      field: 'routes.1.listenerId',
    },
  ]);
});

it('reports nothing if nothing is added', () => {
  const rules = [...testEstate().rules, testRule('loc-b', 'lb-scf', 'flash.example.co.id')];
  expect(found(testEstate({ rules }))).toEqual([]);
});

it.each([
  [45, 'warn', 'few'],
  [49, 'warn', 'few'],
  [50, 'block', 'full'],
])('%i rules and a new one: %s', (there, status, why) => {
  expect(found(testEstate({ rules: rulesOnB(there) }))).toMatchObject([{ status, why: `clb-quota.${why}` }]);
});

it('adds up the new rules of all routes of a listener', () => {
  const { routes, ...rest } = testSplit();
  const domain = 'live.example.co.id';
  const diversion = SplitDiversion.parse({ ...rest, routes: [...routes, testFunctionRoute({ domain })] });
  expect(found(testEstate({ rules: rulesOnB(48) }), diversion)).toMatchObject([
    { status: 'warn', values: { count: 50, left: 0 } },
  ]);
  expect(found(testEstate({ rules: rulesOnB(49) }), diversion)).toMatchObject([{ status: 'block' }]);
});

it.each([
  [1, 2, 'block', 'full'],
  [2, 2, 'warn', 'few'],
  [100, 2, 'pass', 'pass'],
])('targets: %i allowed, %i after the plan: %s', (targetsPerRule, count, status, why) => {
  const estate = testEstate({ clbQuotas: [testClbQuota({ targetsPerRule })] });
  expect(found(estate, addsTargets(count - 1))).toContainEqual(
    expect.objectContaining({
      status,
      why: `clb-quota.${why}`,
      field: 'routes.0.addTargets',
      values: expect.objectContaining({ quota: 'targetsPerRule', count, max: targetsPerRule }),
    }),
  );
});

it('counts an already bound target once', () => {
  const bound = testSplit({}, { addTargets: [{ instanceId: 'ins-1', port: 8080, weight: 50 }] });
  const quotas = found(testEstate(), bound).map(({ values }) => values.quota);
  expect(quotas).toEqual(['rulesPerListener']);
});

it.each([
  [2, 'block'],
  [3, 'warn'],
  [50, 'pass'],
])('listeners: %i allowed, three after the plan: %s', (listenersPerLoadBalancer, status) => {
  const listener = {
    id: '@lbl/new',
    loadBalancerId: 'lb-scf',
    name: 'new',
    protocol: 'HTTP',
    port: 8081,
  };
  const diversion = SplitDiversion.parse({
    ...testSplit({ listenerId: '@lbl/new' }),
    creates: { loadBalancers: [], listeners: [listener] },
  });
  const estate = testEstate({
    listeners: [
      testListener('lb-cvm'),
      testListener('lb-scf'),
      testListener('lb-scf', { id: 'l2', port: 82 }),
    ],
    clbQuotas: [testClbQuota({ listenersPerLoadBalancer })],
  });
  expect(found(estate, diversion)[0]).toMatchObject({
    status,
    objects: ['lb-scf'],
    field: 'creates.listeners.0',
    values: { quota: 'listenersPerLoadBalancer', count: 3 },
  });
});

it.each([
  ['of a region', []],
  ['of one kind', [testClbQuota({ rulesPerListener: null })]],
])('shows a quota %s that could not be read, and blocks nothing', (_, clbQuotas) => {
  const [finding, ...others] = found(testEstate({ clbQuotas }));
  expect(finding).toMatchObject({ status: 'unknown', why: 'clb-quota.unread', values: { count: 1 } });
  expect(others).toEqual([]);
  expect(finding && stops(finding)).toBe(false);
});

it.each([
  // Two public ones exist.
  ['OPEN', { publicLoadBalancers: 2 }, 'block', 'full'],
  ['OPEN', { publicLoadBalancers: 3 }, 'warn', 'few'],
  ['OPEN', { publicLoadBalancers: 100 }, 'pass', 'pass'],
  ['OPEN', { publicLoadBalancers: null }, 'unknown', 'unread'],
  ['INTERNAL', { internalLoadBalancers: 0 }, 'block', 'full'],
  ['INTERNAL', { publicLoadBalancers: 2, internalLoadBalancers: 100 }, 'pass', 'pass'],
])('%s load balancers that the plan creates, of %j: %s', (network, quotas, status, why) => {
  const estate = testEstate({ clbQuotas: [testClbQuota(quotas)] });
  const made = {
    id: '@lb',
    name: 'sale',
    region: 'ap-singapore',
    network,
    vpcId: 'vpc-1',
    subnetId: 'subnet-1',
  };
  const listener = { id: '@l', loadBalancerId: '@lb', name: 'http', protocol: 'HTTP', port: 80 };
  const diversion = SplitDiversion.parse({
    ...testSplit({ loadBalancerId: '@lb', listenerId: '@l' }),
    creates: { loadBalancers: [made], listeners: [listener] },
  });
  const findings = found(estate, diversion).filter(({ field }) => field === 'creates.loadBalancers.0');
  expect(findings).toMatchObject([{ status, why: `clb-quota.${why}` }]);
});
