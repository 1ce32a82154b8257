import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '@/lib/policy/policy';
import { type Conditions, noConditions } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testBound,
  testEstate,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
  testZone,
} from '@/testing/plan/test-estate';

const owners: readonly string[] = ['tke-owner', 'operation-protection', 'dns-owner'];
const tagged = (
  estate: ReturnType<typeof testEstate>,
  conditions: Conditions = { ...noConditions(estate), ownerTags: defaultPolicy.ownerTags },
) =>
  preflight({ estate, diversion: testSplit(), conditions }).filter(({ check }) => check === 'tagged-owner');
const flash = 'flash.example.co.id';

const found = (
  estate: ReturnType<typeof testEstate>,
  diversion: Parameters<typeof preflight>[0]['diversion'] = testSplit(),
) => preflight({ estate, diversion }).filter(({ check }) => owners.includes(check));
const reasons = (...given: Parameters<typeof found>) => found(...given).map(({ why }) => why);

const written = (change: object) => ({
  loadBalancers: [
    testLoadBalancer('lb-cvm'),
    testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], ...change }),
  ],
});
const passes = ['tke-owner.pass', 'operation-protection.pass', 'dns-owner.pass'];

it('passes where no object has another owner', () => {
  expect(reasons(testEstate())).toEqual(passes);
});

describe('Kubernetes', () => {
  it.each([
    { 'tke-createdBy-flag': 'yes', 'tke-clusterId': 'cls-1' },
    { 'tke-lb-serviceuuid': '1b2c', 'tke-clusterId': 'cls-1' },
  ])('blocks writes to a load balancer with the tags %j', (tags) => {
    const [finding] = found(testEstate(written({ tags })));
    expect(finding).toMatchObject({
      why: 'tke-owner.managed',
      objects: ['lb-scf'],
      values: { cluster: 'cls-1' },
    });
    expect(finding && stops(finding)).toBe(true);
  });

  it('allows moves by DNS to and away from it', () => {
    const tags = { 'tke-createdBy-flag': 'yes' };
    const rules = [
      testRule('loc-flash', 'lb-cvm', flash, { targets: [testTarget()] }),
      testRule('loc-b', 'lb-scf', flash, {
        functions: [testBound],
      }),
    ];
    const loadBalancers = [
      testLoadBalancer('lb-cvm', { tags }),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], tags }),
    ];
    const records = [testRecord(12, 'flash', '127.77.1.1')];
    const listeners = [testListener('lb-cvm'), testListener('lb-scf')];
    const all = preflight({
      estate: testEstate({ rules, loadBalancers, records, listeners }),
      diversion: testSwitch(),
    });
    expect(all.filter(({ check }) => check === 'tke-owner')).toEqual([]);
    expect(all.filter(({ check }) => check === 'dns-owner').map(({ why }) => why)).toEqual([
      'dns-owner.pass',
    ]);
  });

  it('lets an operator confirm by name that the id of a cluster is stale', () => {
    const estate = testEstate(written({ tags: { 'tke-clusterId': 'cls-1' } }));
    const [finding] = found(estate);
    expect(finding).toMatchObject({ status: 'block', why: 'tke-owner.stale' });
    const own = finding?.acknowledgement;
    expect(own).toEqual({ finding: 'tke-owner.stale', domain: flash, loss: 'TKE cls-1 lb-scf' });
    const [confirmed] = found(estate, { ...testSplit(), acknowledged: own === undefined ? [] : [own] });
    expect(confirmed).toMatchObject({ status: 'warn', isAcknowledged: true });
    // Once the load balancer has another cluster's id, the confirmation no longer applies.
    const other = testEstate(written({ tags: { 'tke-clusterId': 'cls-2' } }));
    const [again] = found(other, { ...testSplit(), acknowledged: own === undefined ? [] : [own] });
    expect(again).toMatchObject({ status: 'block' });
  });
});

describe('operation protection', () => {
  it('blocks writes, and says who has set it', () => {
    const operationProtection = { operatorUin: '100000000009', note: 'year-end freeze' };
    const finding = found(testEstate(written({ operationProtection }))).find(
      ({ status }) => status === 'block',
    );
    expect(finding).toMatchObject({
      why: 'operation-protection.protected',
      values: { uin: '100000000009', note: 'year-end freeze' },
    });
  });

  it('is unknown where it could not be read, which blocks nothing', () => {
    const gaps = [{ part: 'clb-protection/ap-singapore', reason: 'UnauthorizedOperation' }];
    const unread = found(testEstate({ gaps })).find(({ check }) => check === 'operation-protection');
    expect(unread).toMatchObject({ status: 'unknown', why: 'operation-protection.unread' });
    expect(unread && stops(unread)).toBe(false);
  });
});

describe('DNS', () => {
  const instance = (change: object) => ({
    id: 'gtm-1',
    name: 'shop-gtm',
    domain: null,
    accessName: null,
    enabled: true,
    ...change,
  });

  it.each([
    ['its access name', { accessName: flash }, '127.77.1.1', 'A'],
    [
      'the domain of an instance',
      { domain: flash, accessName: 'flash.gtm.example.co.id' },
      '127.77.1.1',
      'A',
    ],
    [
      'a name that points at its access name',
      { accessName: 'x.gtm.example.net' },
      'X.gtm.example.net',
      'CNAME',
    ],
  ])('of IGTM blocks writes to %s', (_, change, value, type) => {
    const estate = testEstate({
      records: [testRecord(12, 'flash', value, { type })],
      igtm: [instance(change)],
    });
    const finding = found(estate).find(({ check }) => check === 'dns-owner');
    expect(finding).toMatchObject({ status: 'block', why: 'dns-owner.igtm', values: { name: 'shop-gtm' } });
  });

  it('names the addresses that IGTM answers with now', () => {
    const records = [
      testRecord(12, 'flash', 'flash.gtm.example.co.id', { type: 'CNAME' }),
      testRecord(13, 'flash.gtm', '127.77.1.1'),
    ];
    const estate = testEstate({ records, igtm: [instance({ accessName: 'flash.gtm.example.co.id' })] });
    const finding = found(estate).find(({ check }) => check === 'dns-owner');
    expect(finding?.values).toMatchObject({ access: 'flash.gtm.example.co.id', addresses: '127.77.1.1' });
  });

  it('of a disabled IGTM instance warns, and of other names says nothing', () => {
    expect(reasons(testEstate({ igtm: [instance({ accessName: flash, enabled: false })] }))).toContain(
      'dns-owner.igtmOff',
    );
    expect(reasons(testEstate({ igtm: [instance({ accessName: 'other.example.co.id' })] }))).toEqual(passes);
  });

  it('watched by D-monitoring blocks', () => {
    const records = [testRecord(12, 'flash', '127.77.1.1', { monitored: true })];
    const finding = found(testEstate({ records })).find(({ check }) => check === 'dns-owner');
    expect(finding).toMatchObject({ status: 'block', why: 'dns-owner.monitored' });
  });

  it('is unknown where IGTM could not be read, which blocks nothing', () => {
    const unread = found(testEstate({ gaps: [{ part: 'igtm', reason: 'UnauthorizedOperation' }] })).find(
      ({ check }) => check === 'dns-owner',
    );
    expect(unread).toMatchObject({ status: 'unknown', why: 'dns-owner.unread' });
    expect(unread && stops(unread)).toBe(false);
  });
});

describe('a tag of another tool', () => {
  it('warns with the attributes that differ until the rollback and after it', () => {
    const tags = { 'managed-by': 'terraform' };
    const estate = testEstate({ ...written({ tags }), zones: [testZone({ tags })] });
    const found = tagged(estate);
    expect(found.map(({ status }) => status)).toEqual(found.map(() => 'warn'));
    expect(found.map(({ values }) => values)).toEqual([
      {
        mark: 'managed-by=terraform',
        objects: `${flash}/ (lb-scf)`,
        more: 0,
        until: 'exists, functions',
        after: 'none',
      },
      { mark: 'managed-by=terraform', objects: flash, more: 0, until: 'value', after: 'none' },
    ]);
  });

  it('is one of those set, and marks nothing if its value is false', () => {
    const estate = testEstate(written({ tags: { terraform: 'false', owner: 'ansible' } }));
    expect(tagged(estate).map(({ why }) => why)).toEqual(['tagged-owner.pass']);
    const set = { ...noConditions(estate), ownerTags: ['owner'] };
    expect(tagged(estate, set).map(({ values }) => values.mark)).toEqual(['owner=ansible']);
    expect(tagged(estate, { ...set, ownerTags: [] }).map(({ why }) => why)).toEqual(['tagged-owner.pass']);
  });
});

it('blocks nothing in a large account without marks', () => {
  const tags = { team: 'shop', env: 'prod' };
  const ids = Array.from({ length: 200 }, (_, n) => `lb-${n}`);
  const rules = ids.flatMap((id) =>
    Array.from({ length: 50 }, (_, n) => testRule(`loc-${id}-${n}`, id, `n${n}.example.co.id`)),
  );
  const estate = testEstate({
    zones: [testZone({ tags })],
    loadBalancers: [
      testLoadBalancer('lb-cvm', { tags }),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], tags }),
      ...ids.map((id, n) => testLoadBalancer(id, { vips: [`127.78.1.${n}`], tags })),
    ],
    listeners: ['lb-cvm', 'lb-scf', ...ids].map((id) => testListener(id)),
    rules: [
      testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
      testRule('loc-flash', 'lb-cvm', flash, { targets: [testTarget()] }),
      ...rules,
    ],
    igtm: [{ id: 'gtm-1', name: 'other', domain: 'other.example.net', accessName: null, enabled: true }],
  });
  expect(estate.rules.length).toBeGreaterThan(10_000);
  expect(reasons(estate)).toEqual(passes);
  expect(tagged(estate).map(({ why }) => why)).toEqual(['tagged-owner.pass']);
});
