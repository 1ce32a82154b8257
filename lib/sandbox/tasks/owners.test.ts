import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaultView } from '@/lib/sandbox/world/faults';
import { catchCode, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };
const record = { Domain: 'example.com', RecordId: 500_000_001 };

let cloud: TestCloud;
let clients: TestClients;
beforeEach(async () => {
  cloud = await startTestCloud({ vipNetwork: '127.214.0.0/16' });
  clients = cloud.clients();
});
afterEach(() => cloud.plane.stop());

const inject = async (fault: object) =>
  (await cloud.callControl<{ id: string }>('POST', '/faults', { kind: 'owner', ...fault })).id;
const clear = (id: string) => cloud.callControl('DELETE', `/faults/${id}`);
const countHits = async (id: string) => {
  const { faults } = await cloud.callControl<{ faults: FaultView[] }>('GET', '/faults');
  return faults.find((fault) => fault.id === id)?.hits;
};
const balancer = () => cloud.account('small-standard').loadBalancers[place.LoadBalancerId];
const domains = () => balancer()?.listeners.flatMap(({ rules }) => rules.map(({ domain }) => domain));
const value = () =>
  cloud.account('small-standard').zones['example.com']?.records.find(({ id }) => id === record.RecordId)
    ?.value;
const modify = (to: string) => {
  const kept = { RecordType: 'A', RecordLine: '默认', SubDomain: 'shop' };
  return clients.dnspod.ModifyRecord({ ...record, ...kept, Value: to });
};

it('Kubernetes marks a load balancer, and resets what others change on it after the task and some seconds', async () => {
  const before = domains();
  const id = await inject({ owner: 'tke', object: place.LoadBalancerId, afterMs: 3000 });
  expect(balancer()?.tags).toMatchObject({ 'tke-createdBy-flag': 'yes' });
  await clients.clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] });
  cloud.clock.advance(1000);
  expect(domains()).toEqual([...(before ?? []), 'a.example.com']);
  cloud.clock.advance(2999);
  expect(domains()).toContain('a.example.com');
  cloud.clock.advance(1);
  expect(domains()).toEqual(before);
  expect(await countHits(id)).toBe(1);
  const [event] = cloud.account('small-standard').auditEvents.slice(-1);
  expect(event).toMatchObject({ userName: 'tke', resource: place.LoadBalancerId });
  await clear(id);
  expect(balancer()?.tags).not.toHaveProperty('tke-createdBy-flag');
  await clients.clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] });
  cloud.clock.advance(60_000);
  expect(domains()).toContain('a.example.com');
});

it.each(['igtm', 'dMonitoring', 'terraform'])('%s marks a name, and sets its records back', async (owner) => {
  const before = value();
  const id = await inject({ owner, object: 'shop.example.com', afterMs: 2000 });
  const marks = {
    igtm: async () => (await clients.igtm.DescribeInstanceList({})).InstanceSet?.[0]?.AccessSubDomain,
    dMonitoring: async () =>
      (await clients.dnspod.DescribeRecordList({ Domain: 'example.com' })).RecordList?.find(
        ({ RecordId }) => RecordId === record.RecordId,
      )?.MonitorStatus,
    terraform: async () => cloud.account('small-standard').zones['example.com']?.tags['managed-by'],
  }[owner];
  const shown = await marks?.();
  expect(['shop', 'Ok', 'terraform']).toContain(shown);
  await modify('127.214.9.9');
  cloud.clock.advance(1999);
  expect(value()).toBe('127.214.9.9');
  cloud.clock.advance(1);
  expect(value()).toBe(before);
  await clear(id);
  expect(await marks?.()).not.toBe(shown);
});

it('operation protection refuses changes until the fault is cleared', async () => {
  const id = await inject({ owner: 'protection', object: place.LoadBalancerId });
  const create = () => clients.clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] });
  expect(await catchCode(create())).toBe('FailedOperation');
  await clear(id);
  await create();
});

it.each([
  [{ owner: 'tke', object: 'lb-none0000' }, 'there is no load balancer or host name lb-none0000'],
  [{ owner: 'tke', object: 'shop.example.com' }, 'tke owns load balancers'],
  [{ owner: 'igtm', object: place.LoadBalancerId }, 'igtm owns host names'],
])('can’t own %j', async (fault, why) => {
  await expect(inject(fault)).rejects.toThrow(why);
});
