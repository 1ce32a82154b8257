import { describe, expect, it } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import type { NewLoadBalancer } from '@/lib/diversion/creates';
import { type KnownIds, resolveIds, type WriteCall } from '@/lib/estate/call';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import type { ObjectRef, RecordSetRef, RuleRef } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import {
  bindFunction,
  createListener,
  createLoadBalancer,
  createRecord,
  createRule,
  deleteListener,
  deleteLoadBalancer,
  registerTargets,
  setProvisioned,
} from '@/lib/plan/model/calls';
import { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { FaultSchedule, type WriteFault } from './faults';
import { modelAdapter } from './model-adapter';
import { ModelCloud } from './model-cloud';
import type { Stock } from './stock';
import { createStockListener, createStockLoadBalancer, runningLoadBalancer } from './stock-parts';

const lb = LoadBalancerId.parse('lb-new1');
const rule = {
  kind: 'rule',
  region: 'r',
  loadBalancerId: lb,
  listenerId: 'lbl-new1',
  domain: 'a.example',
  url: '/',
} as RuleRef;
const set: RecordSetRef = { kind: 'recordSet', zone: 'example', subdomain: 'a', lineId: '0', line: '默认' };
const record = { type: 'A', value: '203.0.113.1', ttlS: 60, weight: null, enabled: true };
const stock: Stock = {
  rules: [],
  records: [],
  provisioned: [],
  loadBalancers: [
    runningLoadBalancer(
      createStockLoadBalancer({ region: 'r', name: 'one', network: 'OPEN', vpcId: 'v' }, 1),
    ),
  ],
  listeners: [
    createStockListener(
      { loadBalancerId: lb, protocol: 'HTTP', port: 80, name: 'web', certificateId: null },
      1,
    ),
  ],
};
const targets = [1, 2, 3, 4].map((n) => ({ instanceId: `ins-${n}`, port: 80, weight: 10 }));

/** Creates a cloud in which the n-th write meets a fault. */
function world(nth = 0, fault: WriteFault | null = null) {
  const clock = new VirtualClock(new Date(0));
  const faults = new FaultSchedule(fault === null ? [] : [{ on: 'write', nth, fault }], () => {});
  const acted: string[] = [];
  const observer = {
    read: () => {},
    wrote: () => {},
    acted: (id: string) => void acted.push(id),
    cancelled: (id: string) => void acted.splice(acted.indexOf(id), 1),
  };
  const cloud = new ModelCloud(clock, stock, faults, observer);
  const adapter = modelAdapter(cloud, 1);
  const error = (work: Promise<unknown>) =>
    clock.run(
      work.then(
        () => null,
        (cause: unknown) => (cause instanceof CloudError ? cause.data : cause),
      ),
    );
  const write = async (call: Parameters<typeof adapter.write>[0]) => adapter.wait(await adapter.write(call));
  const read = (ref: ObjectRef) => clock.run(adapter.read(ref));
  return { clock, cloud, adapter, acted, error, write, read };
}

describe('the model cloud', () => {
  it('applies a write on a load balancer at the end of its task', async () => {
    const { clock, adapter, acted, read } = world();
    const receipt = await clock.run(adapter.write(createRule(rule)));
    expect(acted).toEqual([]);
    expect((await read(rule)).state).toMatchObject({ exists: false });
    await clock.run(adapter.wait(receipt));
    expect(acted).toEqual([receipt.requestId]);
    expect((await read(rule)).state).toMatchObject({ exists: true, targets: [] });
  });

  it('refuses writes from another process while a task runs, and then a duplicate', async () => {
    const { clock, cloud, adapter, error } = world();
    const other = modelAdapter(cloud, 2);
    const receipt = await clock.run(adapter.write(createRule(rule)));
    expect(await error(other.write(createRule(rule)))).toMatchObject({
      code: 'FailedOperation.ResourceInOperating',
      advice: 'retry',
      mayHaveHappened: false,
    });
    await clock.run(adapter.wait(receipt));
    expect(await error(other.write(createRule(rule)))).toMatchObject({
      code: 'InvalidParameterValue.Duplicate',
      advice: 'readBack',
    });
  });

  it.each<[WriteFault, string, boolean, boolean]>([
    [{ kind: 'throttle', count: 1 }, 'RequestLimitExceeded', false, false],
    [{ kind: 'replyLost' }, 'Network.Closed', true, true],
    [{ kind: 'requestLost' }, 'Network.Closed', true, false],
    [{ kind: 'http5xx', status: 502, acts: true }, 'Http.502', true, true],
    [{ kind: 'http5xx', status: 502, acts: false }, 'Http.502', true, false],
    [{ kind: 'internalError', acts: true }, 'InternalError', true, true],
    [{ kind: 'taskFails' }, 'Task.Failed', true, false],
    [{ kind: 'taskStuck', forMs: 200_000, acts: true }, 'Task.Timeout', true, true],
  ])('simulates the fault %j', async (fault, code, mayHaveHappened, acts) => {
    const { clock, acted, error, write } = world(0, fault);
    expect(await error(write(createRule(rule)))).toMatchObject({ code, mayHaveHappened });
    await clock.run(new Promise<void>((resolve) => void clock.after(300_000, resolve)));
    expect(acted).toHaveLength(acts ? 1 : 0);
  });

  it('applies half of a batch that fails', async () => {
    const { clock, error, write, read } = world(1, { kind: 'partial' });
    await clock.run(write(createRule(rule)));
    const { ids } = await read(rule);
    const call = registerTargets(rule, String(ids.LocationId), targets);
    expect(await error(write(call))).toMatchObject({ code: 'Task.Failed' });
    expect((await read(rule)).state).toMatchObject({ targets: targets.slice(0, 2) });
  });

  it('binds one function to a rule, and none beside servers', async () => {
    const { clock, error, write, read } = world();
    await clock.run(write(createRule(rule)));
    const id = String((await read(rule)).ids.LocationId);
    const fn = { namespace: 'n', name: 'f', qualifier: '1', qualifierType: 'VERSION', weight: 10 } as const;
    await clock.run(write(bindFunction(rule, id, fn)));
    expect((await read(rule)).state).toMatchObject({ functions: [fn] });
    expect(await error(write(registerTargets(rule, id, targets)))).toMatchObject({ advice: 'giveUp' });
  });

  it('changes records at once, and shows the change later if the index lags', async () => {
    const { clock, write, read } = world(0, { kind: 'indexLags', byMs: 10_000 });
    await clock.run(write(createRecord(set, record)));
    expect((await read(set)).state).toEqual({ kind: 'recordSet', records: [] });
    await clock.run(new Promise<void>((resolve) => void clock.after(10_000, resolve)));
    expect(await read(set)).toEqual({
      at: clock.now(),
      state: { kind: 'recordSet', records: [record] },
      ids: { [recordKey(record)]: expect.any(Number) },
    });
  });

  const made: NewLoadBalancer = {
    id: LoadBalancerId.parse('@lb'),
    name: 'two',
    region: 'r',
    vpcId: 'v',
    network: 'OPEN',
    subnetId: null,
    slaType: '',
    internet: null,
    address: 'domain',
    masterZone: null,
  };
  const named = { kind: 'loadBalancer', region: 'r', name: 'two' } as const;
  const there = { kind: 'loadBalancer', count: 1, network: 'OPEN', vpcId: 'v' };

  it('shows a load balancer while it is being created, and its ids when it is running', async () => {
    const { clock, adapter, read } = world();
    const receipt = await clock.run(adapter.write(createLoadBalancer(made)));
    expect(await read(named)).toMatchObject({ state: there, ids: {} });
    await clock.run(adapter.wait(receipt));
    expect(await read(named)).toMatchObject({
      state: there,
      ids: {
        LoadBalancerId: expect.stringMatching(/^lb-new/),
        Address: expect.stringMatching(/example\.net$/),
      },
    });
  });

  it('removes a load balancer whose task fails', async () => {
    const { acted, error, write, read } = world(0, { kind: 'taskFails' });
    expect(await error(write(createLoadBalancer(made)))).toMatchObject({ code: 'Task.Failed' });
    expect(acted).toEqual([]);
    expect((await read(named)).state).toMatchObject({ count: 0 });
  });

  it('gives a second load balancer of the same name another name', async () => {
    const { clock, cloud, write } = world();
    await clock.run(write(createLoadBalancer(made)));
    await clock.run(write(createLoadBalancer(made)));
    expect(cloud.stock.loadBalancers.map(({ name }) => name)).toEqual([
      'one',
      'two',
      expect.stringMatching(/^lb-cloud/),
    ]);
  });

  it('refuses to delete a listener or load balancer that is not empty', async () => {
    const { clock, cloud, error, write } = world();
    const ours = {
      loadBalancerId: lb,
      name: 'own',
      protocol: 'HTTP',
      port: 8080,
      certificateId: null,
    } as const;
    const listener = { ...ours, id: ListenerId.parse('@listener') };
    await clock.run(write(createListener('r', listener)));
    const id = cloud.stock.listeners.find(({ port }) => port === 8080)?.id ?? '';
    const onIt = { ...rule, listenerId: ListenerId.parse(id) };
    await clock.run(write(createRule(onIt)));
    const deleted = (call: WriteCall, ids: KnownIds) => write(resolveIds(call, ids).call);
    const listenerGoes = () => deleted(deleteListener('r', listener), { ListenerId: id });
    expect(await error(listenerGoes())).toMatchObject({ code: 'Refused.NotEmpty', advice: 'giveUp' });
    const balancerGoes = deleted(deleteLoadBalancer(made), { LoadBalancerId: lb });
    expect(await error(balancerGoes)).toMatchObject({ code: 'Refused.NotEmpty' });
    cloud.force(onIt, (now) => ({ ...now, rules: [] }));
    await clock.run(listenerGoes());
    expect(cloud.stock.listeners.map(({ port }) => port)).toEqual([80]);
  });

  it('starts instances gradually, and refuses to change their number meanwhile', async () => {
    const { clock, cloud, error, write, read } = world();
    const ref = { kind: 'provisioned', region: 'r', namespace: 'n', name: 'f', qualifier: '1' } as const;
    const pass = (ms: number) => clock.run(new Promise<void>((resolve) => void clock.after(ms, resolve)));
    await clock.run(write(setProvisioned(ref, 200)));
    expect((await read(ref)).state).toEqual({ kind: 'provisioned', instances: 200 });
    await pass(60_000);
    expect(cloud.ready(ref)).toBe(100);
    expect(await error(write(setProvisioned(ref, 0)))).toMatchObject({
      code: 'FailedOperation.ProvisionedInProgress',
      advice: 'retry',
    });
    await pass(60_000);
    expect(cloud.ready(ref)).toBe(200);
    await clock.run(write(setProvisioned(ref, 0)));
    expect(cloud.ready(ref)).toBe(0);
  });
});
