import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  catchCode,
  catchRefusal,
  startTestCloud,
  type TestClients,
  type TestCloud,
} from '@/testing/sandbox/test-cloud';
import type { FaultView } from './faults';

const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };
const vipNetwork = '127.108.0.0/16';

let cloud: TestCloud;
let clb: TestClients['clb'];
let dnspod: TestClients['dnspod'];
let scf: TestClients['scf'];
let text: string[];
beforeEach(async () => {
  text = [];
  const log = pino({}, { write: (line: string) => text.push(line) });
  cloud = await startTestCloud({ vipNetwork, log });
  ({ clb, dnspod, scf } = cloud.clients());
});
afterEach(() => cloud.plane.stop());

const inject = async (fault: object) =>
  (await cloud.callControl<{ id: string }>('POST', '/faults', fault)).id;
const view = async (id: string) => {
  const { faults } = await cloud.callControl<{ faults: FaultView[] }>('GET', '/faults');
  return faults.find((fault) => fault.id === id);
};
const faultLines = () =>
  text.map((line): Record<string, unknown> => JSON.parse(line)).filter((line) => line.msg === 'fault');
const listRules = async () => {
  const { Listeners: listeners } = await clb.DescribeListeners({ LoadBalancerId: place.LoadBalancerId });
  return (listeners?.[0]?.Rules ?? []).map((rule) => rule.Domain);
};
const createRule = (domain = 'a.example.com') =>
  clb.CreateRule({ ...place, Rules: [{ Domain: domain, Url: '/' }] });
const readStatus = async (id: string | undefined) =>
  (await clb.DescribeTaskStatus({ TaskId: id ?? '' })).Status;

test('returns an internal error, before the effect or after it', async () => {
  const id = await inject({ kind: 'internalError', action: 'CreateRule' });
  expect(await catchCode(createRule())).toBe('InternalError');
  cloud.clock.advance(1000);
  expect(await listRules()).toEqual(['idle.example.com']);
  await inject({ kind: 'internalError', action: 'CreateRule', takesEffect: true });
  expect(await catchCode(createRule())).toBe('InternalError');
  cloud.clock.advance(1000);
  expect(await listRules()).toEqual(['idle.example.com', 'a.example.com']);
  expect(await view(id)).toMatchObject({ remaining: 0, hits: 1 });
});

test('returns a gateway’s HTML page, of which the SDK reports only the status', async () => {
  await inject({ kind: 'http502', action: 'DescribeLoadBalancers' });
  await expect(clb.DescribeLoadBalancers({})).rejects.toThrow('Bad Gateway');
  await clb.DescribeLoadBalancers({});
});

test('delays no other call with a slow response', async () => {
  await inject({ kind: 'slow', action: 'DescribeLoadBalancers', ms: 300 });
  const ended: string[] = [];
  const slow = clb.DescribeLoadBalancers({}).then(() => ended.push('slow'));
  await clb.DescribeListeners({ LoadBalancerId: place.LoadBalancerId }).then(() => ended.push('other'));
  await slow;
  expect(ended).toEqual(['other', 'slow']);
});

test('keeps the load balancer of a never-ending task busy until the fault is cleared', async () => {
  const id = await inject({ kind: 'taskNeverEnds', action: '*', object: place.LoadBalancerId });
  const { RequestId: task } = await createRule();
  cloud.clock.advance(86_400_000);
  expect(await readStatus(task)).toBe(2);
  expect(await catchCode(createRule('b.example.com'))).toBe('FailedOperation.ResourceInOperating');
  await cloud.callControl('DELETE', `/faults/${id}`);
  cloud.clock.advance(0);
  expect(await readStatus(task)).toBe(0);
  expect(await listRules()).toContain('a.example.com');
});

test('reports success but changes nothing: a task, a record, a function', async () => {
  const before = await cloud.callControl('GET', '/data');
  const id = await inject({ kind: 'changesNothing', action: '*', count: 4 });
  const { RequestId: task } = await createRule();
  cloud.clock.advance(1000);
  expect(await readStatus(task)).toBe(0);
  const a = {
    Domain: 'example.com',
    SubDomain: 'new',
    RecordType: 'A',
    RecordLine: '默认',
    Value: '127.0.0.1',
  };
  expect((await dnspod.CreateRecord(a)).RecordId).toBeGreaterThan(0);
  await dnspod.ModifyRecordStatus({ Domain: 'example.com', RecordId: 500_000_001, Status: 'DISABLE' });
  await scf.PublishVersion({ FunctionName: 'hello' });
  const lasting = ({ accounts }: Record<string, unknown>) =>
    JSON.parse(
      JSON.stringify(accounts, (key, value) => (['tasks', 'auditEvents'].includes(key) ? 0 : value)),
    );
  expect(lasting(await cloud.callControl('GET', '/data'))).toEqual(lasting(before));
  expect(await cloud.callControl('GET', '/effects')).toEqual({});
  expect(await view(id)).toMatchObject({ remaining: 0, hits: 4 });
  // The call that only reported success now takes effect.
  await createRule();
  cloud.clock.advance(1000);
  expect(await listRules()).toContain('a.example.com');
});

test('ends a busy fault after its count', async () => {
  await inject({ kind: 'resourceInOperating', action: '*', count: 2 });
  const refused = await catchRefusal(createRule());
  expect(refused).toMatchObject({ code: 'FailedOperation.ResourceInOperating' });
  expect(refused.message).toContain('Loadbalancer(lb-scf00001)');
  expect(await catchCode(createRule())).toBe('FailedOperation.ResourceInOperating');
  await createRule();
});

test('hits only calls that name the object, and records each hit in the log and the list', async () => {
  const id = await inject({ kind: 'throttle', action: '*', object: 'lb-cvm00001', count: 2 });
  await clb.DescribeTargets({ LoadBalancerId: 'lb-scf00001' });
  expect(await catchCode(clb.DescribeTargets({ LoadBalancerId: 'lb-cvm00001' }))).toBe(
    'RequestLimitExceeded',
  );
  expect(await catchCode(clb.DescribeLoadBalancers({ LoadBalancerIds: ['lb-cvm00001'] }))).toBe(
    'RequestLimitExceeded',
  );
  await clb.DescribeTargets({ LoadBalancerId: 'lb-cvm00001' });
  const found = await view(id);
  expect(found).toMatchObject({
    remaining: 0,
    hits: 2,
    lastHits: [{ action: 'DescribeTargets' }, { action: 'DescribeLoadBalancers' }],
  });
  expect(faultLines()).toMatchObject(
    (found?.lastHits ?? []).map((hit) => ({ fault: id, kind: 'throttle', ...hit })),
  );
});

test('hits the same calls for the same seed, and different ones for another', async () => {
  const struck = async (seed: number) => {
    const id = await inject({ kind: 'throttle', action: 'DescribeZones', probability: 0.5, seed });
    const { cvm } = cloud.clients();
    const calls: boolean[] = [];
    for (let index = 0; index < 40; index += 1) {
      calls.push(
        await cvm.DescribeZones().then(
          () => false,
          () => true,
        ),
      );
      cloud.clock.advance(1000);
    }
    await cloud.callControl('DELETE', `/faults/${id}`);
    return calls;
  };
  const first = await struck(7);
  expect(await struck(7)).toEqual(first);
  expect(await struck(8)).not.toEqual(first);
  expect(first.filter(Boolean).length).toBeGreaterThan(8);
  expect(first.filter(Boolean).length).toBeLessThan(32);
});

test('restarts a stopped server when the fault is cleared, and records that in the sandbox data', async () => {
  const instance = () => cloud.account('small-standard').instances['ins-web00001'];
  const id = await inject({ kind: 'instanceDown', instanceId: 'ins-web00001' });
  expect(instance()?.downSince).toBe(cloud.clock.now());
  const again = await inject({ kind: 'instanceDown', instanceId: 'ins-web00001' });
  await cloud.callControl('DELETE', `/faults/${id}`);
  expect(instance()?.downSince).not.toBeNull();
  cloud.clock.advance(5000);
  await cloud.callControl('DELETE', `/faults/${again}`);
  expect(instance()).toMatchObject({ downSince: null, stateSince: cloud.clock.now() });
});

test.each(['AuthFailure.SecretIdNotFound', 'AuthFailure.SignatureFailure'] as const)(
  'refuses the key of an account with %s until the fault is cleared',
  async (code) => {
    const id = await inject({ kind: 'keyRejected', code });
    const refused = await catchRefusal(clb.DescribeLoadBalancers({}));
    expect(refused.code).toBe(code);
    expect(await catchCode(scf.ListFunctions({}))).toBe(code);
    await cloud.clients({ account: 'small-legacy' }).clb.DescribeLoadBalancers({});
    expect(await view(id)).toMatchObject({
      spec: { account: cloud.account('small-standard').uin },
      hits: 2,
      lastHits: [{ action: 'DescribeLoadBalancers' }, { action: 'ListFunctions' }],
    });
    await cloud.callControl('DELETE', `/faults/${id}`);
    await clb.DescribeLoadBalancers({});
  },
);

test('makes an edit by another actor at an instant, and names that actor in the audit trail', async () => {
  const call = {
    service: 'dnspod',
    action: 'DeleteRecord',
    params: { Domain: 'example.com', RecordId: 500_000_001 },
  };
  const id = await inject({ kind: 'foreignEdit', at: { afterMs: 5000 }, call, user: 'colleague' });
  cloud.clock.advance(4999);
  expect(
    (await dnspod.DescribeRecordList({ Domain: 'example.com', Subdomain: 'shop' })).RecordList,
  ).toHaveLength(1);
  cloud.clock.advance(1);
  expect(await catchCode(dnspod.DescribeRecordList({ Domain: 'example.com', Subdomain: 'shop' }))).toBe(
    'ResourceNotFound.NoDataOfRecord',
  );
  const found = await view(id);
  expect(found).toMatchObject({ remaining: 0, hits: 1, outcome: 'accepted' });
  const [event] = cloud.account('small-standard').auditEvents.slice(-1);
  const requestId = found?.lastHits[0]?.requestId;
  expect(event).toMatchObject({ action: 'DeleteRecord', userName: 'colleague', requestId });
  expect(Object.keys(await cloud.callControl('GET', '/effects?by=request'))).toEqual([requestId]);
});

test('makes an edit by another actor after the second call of an action, once the load balancer is not busy', async () => {
  const call = {
    service: 'clb',
    action: 'CreateRule',
    region: 'ap-singapore',
    params: { ...place, Rules: [{ Domain: 'theirs.example.com', Url: '/' }] },
  };
  const id = await inject({ kind: 'foreignEdit', at: { action: 'CreateRule', calls: 2 }, call });
  await createRule('a.example.com');
  cloud.clock.advance(1000);
  expect(await view(id)).toMatchObject({ hits: 0, outcome: null });
  await createRule('b.example.com');
  expect(await view(id)).toMatchObject({ hits: 0, outcome: null });
  // Their call is accepted when ours has ended, and then takes as long.
  cloud.clock.advance(1500);
  expect(await catchCode(createRule('c.example.com'))).toBe('FailedOperation.ResourceInOperating');
  cloud.clock.advance(500);
  expect(await listRules()).toEqual([
    'idle.example.com',
    'a.example.com',
    'b.example.com',
    'theirs.example.com',
  ]);
  expect(await view(id)).toMatchObject({ hits: 1, outcome: 'accepted' });
});

const call = { service: 'dnspod', action: 'DeleteRecord', params: { Domain: 'example.com', RecordId: 1 } };
test.each([
  [{ kind: 'earthquake' }, 'kind'],
  [{ kind: 'throttle' }, 'action'],
  [{ kind: 'throttle', action: 'NoSuchAction' }, 'action: must be an action that the sandbox serves, or *'],
  [{ kind: 'throttle', action: '*', count: 0 }, 'count'],
  [{ kind: 'throttle', action: '*', probability: 2 }, 'probability'],
  [{ kind: 'throttle', action: '*', colour: 'red' }, 'colour'],
  [{ kind: 'slow', action: '*' }, 'ms'],
  [{ kind: 'taskNeverEnds', action: 'DescribeTargets' }, 'only writes on load balancers run as tasks'],
  [{ kind: 'keyRejected', account: '1' }, 'no account has the UIN 1'],
  [{ kind: 'keyRejected', code: 'AuthFailure' }, 'code'],
  [{ kind: 'instanceDown', instanceId: 'ins-none' }, 'there is no instance ins-none'],
  [{ kind: 'functionDown', function: 'hello' }, 'must be region/namespace/name'],
  [{ kind: 'functionDown', function: 'r/n/none' }, 'there is no function r/n/none'],
  [{ kind: 'resolverIgnoresTtl' }, 'give either factor or seconds'],
  [{ kind: 'foreignEdit', at: { afterMs: 0 }, call: { ...call, service: 'none' } }, 'there is no none'],
  [{ kind: 'foreignEdit', at: { afterMs: 0 }, call: { ...call, action: 'CreateRule' } }, 'has no CreateRule'],
  [{ kind: 'foreignEdit', at: { afterMs: 0 }, call: { ...call, params: {} } }, '`Domain`'],
  [{ kind: 'foreignEdit', at: { afterMs: 0 }, call, account: '1' }, 'no account has the UIN 1'],
  [{ kind: 'foreignEdit', at: {}, call }, 'at'],
])('refuses the fault %j and names its field', async (fault, message) => {
  const answer = await cloud.control('POST', '/faults', fault);
  expect(answer.status).toBe(400);
  expect((await answer.json()).error).toContain(message);
  expect(await cloud.callControl('GET', '/faults')).toEqual({ faults: [] });
});
