import { expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testListener, testLoadBalancer, testSplit } from '@/testing/plan/test-estate';

const balancer = {
  id: '@lb/new',
  name: 'lb-new',
  region: 'ap-singapore',
  network: 'OPEN',
  vpcId: 'vpc-1',
};
const listener = { id: '@lbl/new:80', loadBalancerId: '@lb/new', name: 'web', protocol: 'HTTP', port: 80 };

type Given = {
  readonly route?: object;
  readonly loadBalancers?: readonly object[];
  readonly listeners?: readonly object[];
  /** Already existing objects. */
  readonly there?: readonly object[];
  readonly listenersThere?: readonly object[];
};

function found(given: Given = {}) {
  const { route = { loadBalancerId: '@lb/new', listenerId: '@lbl/new:80' }, ...more } = given;
  const { loadBalancers = [balancer], listeners = [listener], there = [], listenersThere = [] } = more;
  const read = testEstate({
    loadBalancers: [...testEstate().loadBalancers, ...there],
    listeners: [...testEstate().listeners, ...listenersThere],
  });
  const estate = { ...read, ownLoadBalancers: ['lb-9'] };
  const diversion = SplitDiversion.parse({ ...testSplit(route), creates: { loadBalancers, listeners } });
  return preflight({ estate, diversion }).filter(({ check }) => check === 'created');
}

/** The load balancer that an earlier run has created. */
const lbNew = (change: object = {}) => testLoadBalancer('lb-9', { name: 'lb-new', ...change });
const web = (change: object = {}) => testListener('lb-9', { id: 'lbl-9', ...change });
const https = { ...listener, protocol: 'HTTPS', port: 443, certificateId: 'c-1' };

it.each<[name: string, made: object, estate: object, why: string]>([
  ['a VPC that is there', {}, {}, 'made'],
  ['no VPC of this id', { vpcId: 'vpc-9' }, {}, 'noVpc'],
  ['a VPC of another region', { vpcId: 'vpc-2' }, {}, 'noVpc'],
  [
    'VPCs that could not be read',
    { vpcId: 'vpc-9' },
    { gaps: [{ part: 'vpc/ap-singapore', reason: 'x' }] },
    'made',
  ],
  ['its subnet', { network: 'INTERNAL', subnetId: 'subnet-1' }, {}, 'made'],
  ['no subnet of this id', { network: 'INTERNAL', subnetId: 'subnet-9' }, {}, 'noSubnet'],
  ['a subnet of another VPC', { network: 'INTERNAL', subnetId: 'subnet-2' }, {}, 'noSubnet'],
  ['a zone', { masterZone: 'ap-singapore-1' }, {}, 'made'],
  ['a zone that takes nothing new', { masterZone: 'ap-singapore-2' }, {}, 'noZone'],
])('checks the network of a new load balancer: %s', (_, made, change, why) => {
  const network = { region: 'ap-singapore', cidr: '10.0.0.0/16' };
  const zone = (id: string, isAvailable: boolean) => ({ id, name: id, region: 'ap-singapore', isAvailable });
  const estate = testEstate({
    vpcs: [
      { id: 'vpc-1', name: 'shop', isDefault: false, ...network },
      { id: 'vpc-2', name: 'far', isDefault: false, ...network, region: 'ap-jakarta' },
    ],
    subnets: ['vpc-1', 'vpc-2'].map((vpcId, n) => ({
      id: `subnet-${n + 1}`,
      name: 'web',
      vpcId,
      zone: 'ap-singapore-1',
      ...network,
    })),
    availabilityZones: [zone('ap-singapore-1', true), zone('ap-singapore-2', false)],
    ...change,
  });
  const creates = { loadBalancers: [{ ...balancer, ...made }], listeners: [listener] };
  const route = { loadBalancerId: '@lb/new', listenerId: '@lbl/new:80' };
  const diversion = SplitDiversion.parse({ ...testSplit(route), creates });
  const [first] = preflight({ estate, diversion }).filter(({ check }) => check === 'created');
  expect(first).toMatchObject({ status: why === 'made' ? 'pass' : 'block', why: `created.${why}` });
});

it('reports the created objects and that the rollback deletes them', () => {
  expect(found()).toMatchObject([
    { status: 'pass', why: 'created.made', field: 'creates.loadBalancers.0' },
    { status: 'pass', why: 'created.listenerMade', field: 'creates.listeners.0' },
  ]);
});

it('uses objects of an earlier run as they are', () => {
  expect(found({ there: [lbNew()], listenersThere: [web()] })).toMatchObject([
    { status: 'pass', why: 'created.there', objects: ['lb-9'] },
    { status: 'pass', why: 'created.listenerThere', objects: ['lbl-9'] },
  ]);
});

it.each([
  ['of another network', [lbNew({ network: 'INTERNAL' })]],
  ['of another VPC', [lbNew({ vpcId: 'vpc-2' })]],
  ['twice', [lbNew(), lbNew({ id: 'lb-10' })]],
  ['of the same kind, created by someone else', [lbNew({ id: 'lb-10' })]],
])('blocks a name that is in use: %s', (_, there) => {
  const [finding] = found({ there });
  expect(finding).toMatchObject({ status: 'block', why: 'created.nameTaken' });
  expect(finding && stops(finding)).toBe(true);
});

it('ignores one of that name in another account: the plan creates its own', () => {
  const theirs = lbNew({ connectionId: 'other', network: 'INTERNAL' });
  expect(found({ there: [theirs], listenersThere: [web()] })).toMatchObject([
    { status: 'pass', why: 'created.made' },
    { status: 'pass', why: 'created.listenerMade' },
  ]);
});

it('ignores one of that name in another region', () => {
  expect(found({ there: [lbNew({ region: 'ap-jakarta' })] })[0]).toMatchObject({ why: 'created.made' });
});

it('blocks a port with a listener of another protocol, unless that is UDP', () => {
  const tcp = found({ there: [lbNew()], listenersThere: [web({ protocol: 'TCP' })] });
  expect(tcp[1]).toMatchObject({ status: 'block', why: 'created.portTaken', values: { protocol: 'TCP' } });
  const udp = found({ there: [lbNew()], listenersThere: [web({ protocol: 'UDP' })] });
  expect(udp[1]).toMatchObject({ why: 'created.listenerMade' });
});

it('blocks two listeners on one port', () => {
  const twice = [listener, { ...listener, id: '@lbl/again:80' }];
  expect(found({ listeners: twice })[2]).toMatchObject({ status: 'block', why: 'created.portTwice' });
});

it('warns of an existing listener with another certificate', () => {
  const route = { loadBalancerId: '@lb/new', listenerId: '@lbl/new:80' };
  const own = (change: object) =>
    found({
      route,
      listeners: [https],
      there: [lbNew()],
      listenersThere: [web({ protocol: 'HTTPS', port: 443, certificateId: 'c-2', ...change })],
    })[1];
  expect(own({})).toMatchObject({ status: 'warn', why: 'created.otherCertificate' });
  expect(own({ certificateIds: ['c-2', 'c-1'] })).toMatchObject({ status: 'pass' });
  expect(own({ sniSwitch: true })).toMatchObject({ status: 'pass' });
});

it('warns of objects that no route uses', () => {
  expect(found({ route: {} })).toMatchObject([
    { status: 'warn', why: 'created.unused' },
    { status: 'warn', why: 'created.listenerUnused' },
  ]);
});
