import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud, FunctionSpec, Reading, SyncProgress } from '@/lib/cloud/port';
import type { ParamValue, WriteCall } from '@/lib/estate/call';
import { noRule } from '@/lib/estate/look-up';
import { cloudMeasures } from '@/lib/estate/measure';
import type { Estate } from '@/lib/estate/model';
import type { RecordSetRef, RuleRef } from '@/lib/estate/object';
import { recordKey, sameState } from '@/lib/estate/object-state';

/** The objects that the contract may touch in an account; it touches no others. */
export type ContractSubject = {
  readonly cloud: Cloud;
  /** Rules that don't exist yet, on an HTTP listener that supports functions. */
  readonly rule: RuleRef;
  readonly secondRule: RuleRef;
  /** A running instance in the load balancer's network. */
  readonly instanceId: string;
  /** A name without records. */
  readonly recordSet: RecordSetRef;
  /** A function that does not exist, in the rule's region. */
  readonly spec: FunctionSpec;
  stop(): Promise<void>;
};

const ttlS = 600;

/** Writes, waits for the task, then reads: the order of every plan step. */
async function apply(cloud: Cloud, ref: RuleRef | RecordSetRef, call: WriteCall): Promise<Reading> {
  await cloud.wait(await cloud.write(call));
  return cloud.read(ref);
}

function clbCall(rule: RuleRef, action: string, params: { readonly [name: string]: ParamValue }): WriteCall {
  return {
    service: 'clb',
    action,
    region: rule.region,
    params: { LoadBalancerId: rule.loadBalancerId, ListenerId: rule.listenerId, ...params },
  };
}

/** Creates a rule for its domain and URL. */
export function createContractRule(rule: RuleRef): WriteCall {
  return clbCall(rule, 'CreateRule', { Rules: [{ Domain: rule.domain, Url: rule.url }] });
}

/** Deletes a rule by its domain and URL. */
export function deleteContractRule(rule: RuleRef): WriteCall {
  return clbCall(rule, 'DeleteRule', { Domain: rule.domain, Url: rule.url });
}

function functionTarget(
  spec: FunctionSpec,
  qualifier: string,
  type: 'VERSION' | 'ALIAS' = 'VERSION',
  weight = 10,
): ParamValue {
  return {
    Function: {
      FunctionNamespace: spec.namespace,
      FunctionName: spec.name,
      FunctionQualifier: qualifier,
      FunctionQualifierType: type,
    },
    Weight: weight,
  };
}

/** Binds a version of a function, or an alias, to a rule, named by its domain and URL. */
export function bindContractFunction(
  rule: RuleRef,
  spec: FunctionSpec,
  qualifier: string,
  type?: 'VERSION' | 'ALIAS',
): WriteCall {
  return clbCall(rule, 'RegisterFunctionTargets', {
    Domain: rule.domain,
    Url: rule.url,
    FunctionTargets: [functionTarget(spec, qualifier, type)],
  });
}

function withoutTime({ takenAt: _takenAt, ...rest }: Estate): Omit<Estate, 'takenAt'> {
  return rest;
}

/**
 * Tests the contract of every cloud behind the port, sandbox or real account. It deletes the objects that it creates,
 * except its three functions, which the port can't delete.
 */
export function cloudContract(name: string, start: () => Promise<ContractSubject>): void {
  describe(`the cloud contract on ${name}`, () => {
    let subject: ContractSubject;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('reads the whole account with progress, and reads the same again', async () => {
      const progress: SyncProgress[] = [];
      const estate = await subject.cloud.readEstate((step) => progress.push(step));
      expect(estate.gaps).toEqual([]);
      expect(estate.loadBalancers.map(({ id }) => id)).toContain(subject.rule.loadBalancerId);
      const last = progress.at(-1);
      expect(last?.done).toBe(last?.total);
      expect(last?.calls).toBeGreaterThanOrEqual(progress.length);
      const listenerIds = new Set(estate.listeners.map(({ id }) => id));
      expect(estate.rules.filter((rule) => !listenerIds.has(rule.listenerId))).toEqual([]);
      const again = await subject.cloud.readEstate(() => {});
      expect(withoutTime(again)).toEqual(withoutTime(estate));
    });

    it('writes, waits and reads each write of a rule', async () => {
      const { cloud, rule, instanceId, spec } = subject;
      expect((await cloud.read(rule)).state).toEqual(noRule);

      const created = await apply(cloud, rule, createContractRule(rule));
      expect(created.state).toEqual({ ...noRule, exists: true });
      const locationId = created.ids.LocationId ?? '';
      expect(locationId).toMatch(/^loc-/);

      const target = { InstanceId: instanceId, Port: 8080, Weight: 10 };
      const byId = { LocationId: locationId };
      const register = clbCall(rule, 'RegisterTargets', { ...byId, Targets: [target] });
      const registered = await apply(cloud, rule, register);
      expect(registered.state).toMatchObject({
        targets: [{ instanceId, port: 8080, weight: 10 }],
        functions: [],
      });
      const heavier = clbCall(rule, 'ModifyTargetWeight', { ...byId, Targets: [{ ...target, Weight: 30 }] });
      expect((await apply(cloud, rule, heavier)).state).toMatchObject({ targets: [{ weight: 30 }] });
      const deregister = clbCall(rule, 'DeregisterTargets', { ...byId, Targets: [target] });
      expect((await apply(cloud, rule, deregister)).state).toEqual(created.state);

      const { version } = await cloud.deployFunction(spec, randomUUID(), () => {});
      const bound = await apply(cloud, rule, bindContractFunction(rule, spec, version));
      expect(bound.state).toMatchObject({
        targets: [],
        functions: [{ namespace: spec.namespace, name: spec.name, qualifier: version, weight: 10 }],
      });
      expect((await cloud.getFunction(spec))?.clbTriggerCount).toBe(1);
      const replace = clbCall(rule, 'ModifyFunctionTargets', {
        ...byId,
        FunctionTargets: [functionTarget(spec, version, 'VERSION', 20)],
      });
      expect((await apply(cloud, rule, replace)).state).toMatchObject({
        functions: [{ name: spec.name, qualifier: version, weight: 20 }],
      });
      const unbind = clbCall(rule, 'DeregisterFunctionTargets', {
        ...byId,
        FunctionTargets: [functionTarget(spec, version)],
      });
      expect((await apply(cloud, rule, unbind)).state).toEqual(created.state);

      const removed = await apply(cloud, rule, deleteContractRule(rule));
      expect(removed).toEqual({ state: noRule, ids: {}, at: expect.any(Date) });
    });

    it('measures shares and counts, and returns null without data', async () => {
      const { cloud, rule } = subject;
      for (const measure of cloudMeasures) {
        expect((await cloud.measure(measure, [])).value).toBeNull();
        const { value } = await cloud.measure(measure, [{ ...rule, functions: [] }]);
        if (measure !== 'errorRate') expect(value).toBeNull();
        else expect(value === null || (value >= 0 && value <= 100)).toBe(true);
      }
    });

    it('queues concurrent writes to one load balancer', async () => {
      const { cloud, rule, secondRule } = subject;
      const write = async (call: WriteCall) => cloud.wait(await cloud.write(call));
      await Promise.all([write(createContractRule(rule)), write(createContractRule(secondRule))]);
      const [first, second] = await Promise.all([cloud.read(rule), cloud.read(secondRule)]);
      expect([first.state, second.state]).toEqual([
        { ...noRule, exists: true },
        { ...noRule, exists: true },
      ]);
      await Promise.all([write(deleteContractRule(rule)), write(deleteContractRule(secondRule))]);
      expect((await cloud.read(secondRule)).state).toEqual(noRule);
    });

    it('writes and reads each write of a DNS record', async () => {
      const { cloud, recordSet } = subject;
      const call = (action: string, params: { readonly [name: string]: ParamValue }): WriteCall => ({
        service: 'dnspod',
        action,
        region: null,
        params: { Domain: recordSet.zone, ...params },
      });
      const full = (value: string) => ({
        SubDomain: recordSet.subdomain,
        RecordType: 'A',
        RecordLine: recordSet.line,
        RecordLineId: recordSet.lineId,
        Value: value,
        TTL: ttlS,
      });
      const state = (value: string, more: { ttlS?: number; enabled?: boolean } = {}) => ({
        kind: 'recordSet' as const,
        records: [{ type: 'A', value, ttlS, weight: null, enabled: true, ...more }],
      });
      const recordId = (reading: Reading, value: string) =>
        reading.ids[recordKey({ type: 'A', value })] ?? '';

      const none = { state: { kind: 'recordSet', records: [] }, ids: {}, at: expect.any(Date) };
      expect(await cloud.read(recordSet)).toEqual(none);
      const created = await apply(cloud, recordSet, call('CreateRecord', full('192.0.2.1')));
      expect(created.state).toEqual(state('192.0.2.1'));
      const id = recordId(created, '192.0.2.1');
      expect(id).toBeTypeOf('number');

      const moved = await apply(
        cloud,
        recordSet,
        call('ModifyRecord', { RecordId: id, ...full('192.0.2.2') }),
      );
      expect(moved.state).toEqual(state('192.0.2.2'));
      expect(recordId(moved, '192.0.2.2')).toBe(id);

      const fields = { RecordId: id, FieldList: [{ Key: 'ttl', Value: '900' }] };
      const slower = await apply(cloud, recordSet, call('ModifyRecordFields', fields));
      expect(sameState(slower.state, state('192.0.2.2', { ttlS: 900 }))).toBe(true);

      const off = await apply(
        cloud,
        recordSet,
        call('ModifyRecordStatus', { RecordId: id, Status: 'DISABLE' }),
      );
      expect(off.state).toEqual(state('192.0.2.2', { ttlS: 900, enabled: false }));

      const gone = await apply(cloud, recordSet, call('DeleteRecord', { RecordId: id }));
      expect(gone).toEqual(none);
    });

    it('deploys a function again under the same name as a new version', async () => {
      const { cloud, spec } = subject;
      const again = { ...spec, name: `${spec.name}-again` };
      expect(await cloud.getFunction(again)).toBeNull();
      const stages: string[] = [];
      await expect(cloud.deployFunction(again, randomUUID(), (stage) => stages.push(stage))).resolves.toEqual(
        {
          version: '1',
        },
      );
      const second = randomUUID();
      await expect(cloud.deployFunction(again, second, (stage) => stages.push(stage))).resolves.toEqual({
        version: '2',
      });
      // Resumed after a crash, the same deployment publishes no second version.
      await expect(cloud.deployFunction(again, second, () => {})).resolves.toEqual({ version: '2' });
      expect(stages).toEqual(['creating', 'waiting', 'publishing', 'updating', 'waiting', 'publishing']);
      // With an alias: created, then resumed.
      const third = randomUUID();
      const named = { ...again, alias: 'live' };
      for (const _ of [1, 2])
        await expect(cloud.deployFunction(named, third, () => {})).resolves.toEqual({ version: '3' });
      expect(await cloud.getFunction(again)).toMatchObject({
        status: 'Active',
        type: 'Event',
        handler: spec.handler,
        versions: ['$LATEST', '3', '2', '1'],
        clbTriggerCount: 0,
        aliases: expect.arrayContaining([{ name: 'live', version: '3', additional: null }]),
      });
      await expect(
        cloud.deployFunction({ ...again, memoryMb: 256 }, randomUUID(), () => {}),
      ).rejects.toMatchObject({
        data: { code: 'Refused.FunctionDiffers', advice: 'giveUp', mayHaveHappened: false },
      });
    });

    it('runs a version once with an event, and returns its response or failure', async () => {
      const { cloud, spec } = subject;
      const code = [
        'def main_handler(event, context):',
        '    return {"statusCode": 200, "body": event["headers"]["Host"]}',
      ].join('\n');
      const called = { ...spec, name: `${spec.name}-called`, code };
      const { version } = await cloud.deployFunction(called, randomUUID(), () => {});
      const address = { ...called, qualifier: version };
      const good = await cloud.invoke(address, { headers: { Host: 'shop.example' }, payload: '' });
      expect(JSON.parse(good.returned)).toEqual({ statusCode: 200, body: 'shop.example' });
      expect(good).toMatchObject({ error: '', requestId: expect.stringMatching(/./) });
      expect(good.billedMs).toBeGreaterThanOrEqual(good.durationMs);
      expect(good.memoryBytes).toBeGreaterThan(0);
      const bad = await cloud.invoke(address, {});
      expect(bad).toMatchObject({ returned: '', error: expect.stringContaining('headers') });
      await expect(cloud.invoke({ ...address, qualifier: '99' }, {})).rejects.toMatchObject({
        data: { action: 'InvokeFunction', mayHaveHappened: false, advice: 'giveUp' },
      });
    });

    it('sends only writes of its allowlist, and none with an unknown id', async () => {
      const { cloud, rule } = subject;
      const drop = clbCall(rule, 'DeleteLoadBalancerListeners', {});
      await expect(cloud.write(drop)).rejects.toMatchObject({
        data: { code: 'Refused.ActionNotAllowed', mayHaveHappened: false, advice: 'giveUp' },
      });
      const unfilled = clbCall(rule, 'DeleteRule', { LocationIds: [{ $id: 'LocationId' }] });
      await expect(cloud.write(unfilled)).rejects.toMatchObject({ data: { code: 'Refused.IdUnknown' } });
    });
  });
}
