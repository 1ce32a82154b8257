import { describe, expect, it } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import type { RecordSetRef, RuleRef } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object';
import { bindFunction, createRecord, createRule, registerTargets } from '@/lib/plan/calls';
import { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { FaultSchedule, type WriteFault } from './faults';
import { modelAdapter } from './model-adapter';
import { ModelCloud } from './model-cloud';

const rule = {
  ...{ kind: 'rule', region: 'r', loadBalancerId: 'lb-1', listenerId: 'lbl-1' },
  ...{ domain: 'a.example', url: '/' },
} as RuleRef;
const set: RecordSetRef = { kind: 'recordSet', zone: 'example', subdomain: 'a', lineId: '0', line: '默认' };
const record = { type: 'A', value: '203.0.113.1', ttlS: 60, weight: null, enabled: true };
const targets = [1, 2, 3, 4].map((n) => ({ instanceId: `ins-${n}`, port: 80, weight: 10 }));

/** A cloud in which the n-th write meets a fault. */
function world(nth = 0, fault: WriteFault | null = null) {
  const clock = new VirtualClock(new Date(0));
  const faults = new FaultSchedule(fault === null ? [] : [{ on: 'write', nth, fault }], () => {});
  const acted: string[] = [];
  const told = { read: () => {}, wrote: () => {}, acted: (id: string) => void acted.push(id) };
  const cloud = new ModelCloud(clock, { rules: [], records: [] }, faults, told);
  const adapter = modelAdapter(cloud, 1);
  const error = (work: Promise<unknown>) =>
    clock.run(
      work.then(
        () => null,
        (cause: unknown) => (cause instanceof CloudError ? cause.data : cause),
      ),
    );
  const write = async (call: Parameters<typeof adapter.write>[0]) => adapter.wait(await adapter.write(call));
  const read = (ref: RuleRef | RecordSetRef) => clock.run(adapter.read(ref));
  return { clock, cloud, adapter, acted, error, write, read };
}

describe('the model cloud', () => {
  it('takes a write on a load balancer into effect at the end of its task', async () => {
    const { clock, adapter, acted, read } = world();
    const receipt = await clock.run(adapter.write(createRule(rule)));
    expect(acted).toEqual([]);
    expect((await read(rule)).state).toMatchObject({ exists: false });
    await clock.run(adapter.wait(receipt));
    expect(acted).toEqual([receipt.requestId]);
    expect((await read(rule)).state).toMatchObject({ exists: true, targets: [] });
  });

  it('refuses what comes from another process while a task runs, and then a double', async () => {
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
  ])('meets %j', async (fault, code, mayHaveHappened, acts) => {
    const { clock, acted, error, write } = world(0, fault);
    expect(await error(write(createRule(rule)))).toMatchObject({ code, mayHaveHappened });
    await clock.run(new Promise<void>((resolve) => void clock.after(300_000, resolve)));
    expect(acted).toHaveLength(acts ? 1 : 0);
  });

  it('takes half of a batch that breaks', async () => {
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

  it('changes records at once, and shows it later where the index lags', async () => {
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
});
