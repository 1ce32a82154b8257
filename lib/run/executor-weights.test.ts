import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordSetState } from '@/lib/estate/object';
import { sharesAsWanted } from '@/lib/estate/record-shares';
import { invariant } from '@/lib/invariant';
import { checkExpectation, stateAt } from '@/lib/plan/drift';
import type { Plan } from '@/lib/plan/model/model';
import { planRestore } from '@/lib/plan/plan-restore';
import { testSaleSwitch } from '@/testing/diversion/test-sale-switch';
import { TestRun } from '@/testing/run/test-run';
import { lasting, startRunFixture } from '@/testing/run/test-run-fixture';

/* Rollbacks that remove weights, over HTTP and the real adapter, for both behaviours of DNSPod. */

const fixture = await startRunFixture('127.203.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

/** `sale` moves between its servers and the function, starting with a tenth. */
const ramp = {
  ...testSaleSwitch,
  ramp: [
    { percent: 10, bakeS: 1 },
    { percent: 60, bakeS: 1 },
  ],
};
const sale = {
  kind: 'recordSet',
  zone: 'example.com',
  subdomain: 'sale',
  lineId: '0',
  line: '默认',
} as const;

async function records(): Promise<RecordSetState> {
  const state = stateAt(await fixture.readEstate(), sale);
  invariant(state.kind === 'recordSet', 'a set of records');
  return state;
}

/** Resets the sandbox so that the name answers with both sides from the start, neither of which has a weight. */
const bothOn = () =>
  fixture.reset((account) => {
    const zone = account.zones['example.com'];
    const record = zone?.records.find(({ subdomain }) => subdomain === 'sale');
    invariant(zone !== undefined && record !== undefined, 'the seed has it');
    zone.records.push({ ...record, id: 500_000_009, value: record.value.replace(/\.1$/, '.2') });
  });

async function rolledBack(plan: Plan): Promise<TestRun> {
  const run = new TestRun(fixture, plan);
  expect(await run.go('apply')).toBe('done');
  expect((await records()).records.map(({ weight }) => weight).toSorted()).toEqual([40, 60]);
  expect(await run.go('rollback')).toBe('rolledBack');
  return run;
}

const keptBy = (run: TestRun) =>
  run.view().rollback.flatMap(({ outcome, keptWeights }) => (outcome === 'kept' ? keptWeights : []));

describe('a rollback of weights', () => {
  it('removes them if the cloud allows it, and leaves nothing else behind', async () => {
    await fixture.assume({ 'dnspod.unsetWeight': 'unset' });
    const before = await fixture.readEstate();
    const run = await rolledBack(await fixture.makePlan(0, ramp));
    expect(keptBy(run)).toEqual([]);
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it.each(['kept', 'refused'])(
    'ends with the weight %s of the only remaining record, and reports it',
    async (unsetWeight) => {
      await fixture.assume({ 'dnspod.unsetWeight': unsetWeight });
      const before = await records();
      const run = await rolledBack(await fixture.makePlan(0, ramp));
      const value = before.records[0]?.value;
      expect(keptBy(run)).toEqual([{ type: 'A', value, weight: 90 }]);
      expect((await records()).records).toEqual([{ ...before.records[0], weight: 90 }]);
    },
  );

  it.each(['unset', 'kept', 'refused'])(
    'restores equal shares of both sides if weights are %s',
    async (unsetWeight) => {
      await bothOn();
      await fixture.assume({ 'dnspod.unsetWeight': unsetWeight });
      const before = await records();
      expect(before.records.map(({ weight, enabled }) => [weight, enabled])).toEqual([
        [null, true],
        [null, true],
      ]);
      const run = await rolledBack(await fixture.makePlan(0, ramp));
      expect(keptBy(run)).toHaveLength(unsetWeight === 'unset' ? 0 : 2);
      expect(sharesAsWanted(await records(), before)).toBe(true);
      const expectation = { object: sale, state: before, touchedAt: new Date(0).toISOString() };
      expect(checkExpectation(await fixture.readEstate(), expectation)).toEqual({ kind: 'asExpected' });
    },
  );

  it('has the same result after a crash within the step whose weight is kept', async () => {
    await fixture.assume({ 'dnspod.unsetWeight': 'kept' });
    const plan = await fixture.makePlan(0, ramp);
    const unset = plan.rollback.find(
      (step) => step.kind === 'write' && JSON.stringify(step.call.params).includes('"weight","Value":"0"'),
    );
    invariant(unset !== undefined, 'the rollback takes a weight off');
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('done');
    expect(await run.go('rollback', { point: 'afterCall', step: unset.id })).toBe('rolledBack');
    expect(keptBy(run)).toMatchObject([{ weight: 90 }]);
  });

  it('is stopped if another actor changes the weight of the record', async () => {
    await fixture.assume({ 'dnspod.unsetWeight': 'kept' });
    const run = new TestRun(fixture, await fixture.makePlan(0, ramp));
    expect(await run.go('apply')).toBe('done');
    const record = (await fixture.readEstate()).records.find(({ subdomain }) => subdomain === 'sale');
    invariant(record !== undefined, 'the name has a record');
    const FieldList = [{ Key: 'weight', Value: '77' }];
    const params = { Domain: 'example.com', RecordId: record.id, FieldList };
    await fixture.cloud.write({ service: 'dnspod', action: 'ModifyRecordFields', region: null, params });
    expect(await run.go('rollback')).toBe('stopped');
    expect(run.view().stopped?.reason.kind).toBe('drift');
  });

  it.each(['kept', 'refused'])('restores equal shares if weights are %s', async (unsetWeight) => {
    await bothOn();
    await fixture.assume({ 'dnspod.unsetWeight': unsetWeight });
    const before = await records();
    const estate = await fixture.readEstate();
    for (const [index, record] of estate.records.filter(({ subdomain }) => subdomain === 'sale').entries()) {
      const FieldList = [{ Key: 'weight', Value: String(index === 0 ? 9 : 1) }];
      const params = { Domain: 'example.com', RecordId: record.id, FieldList };
      await fixture.cloud.write({ service: 'dnspod', action: 'ModifyRecordFields', region: null, params });
    }
    const planned = planRestore({
      estate: await fixture.readEstate(),
      diversion: ramp,
      keepAliveS: 0,
      restores: [{ object: sale, state: before }],
    });
    invariant(planned.ok, 'the set can be restored');
    expect(await new TestRun(fixture, planned.value).go('apply')).toBe('done');
    expect(sharesAsWanted(await records(), before)).toBe(true);
  });
});
