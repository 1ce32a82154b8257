import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { WriteCall } from '@/lib/estate/call';
import type { RuleRef } from '@/lib/estate/object';
import { objectKey, sameState } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import { stateAt } from '@/lib/plan/drift';
import type { Plan, Restore } from '@/lib/plan/model/model';
import { planRestore } from '@/lib/plan/plan-restore';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { TestRun } from '@/testing/run/test-run';
import { lasting, startRunFixture } from '@/testing/run/test-run-fixture';

/* Restores drift of an applied plan on the real sandbox, with the same executor. */

const fixture = await startRunFixture('127.196.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

const shop = {
  kind: 'rule',
  region: 'ap-singapore',
  loadBalancerId: 'lb-cvm00001',
  listenerId: 'lbl-cvm00001',
  domain: 'shop.example.com',
  url: '/',
} as RuleRef;

async function write(call: WriteCall): Promise<void> {
  await fixture.cloud.wait(await fixture.cloud.write(call));
}

/** Changes the weights of the bindings on the rules of both names. */
async function reweigh(weight: number): Promise<void> {
  const { rules } = await fixture.readEstate();
  for (const { loadBalancerId, listenerId, id, domain, targets, functions } of rules) {
    const place = { LoadBalancerId: loadBalancerId, ListenerId: listenerId, LocationId: id };
    const common = { service: 'clb', region: 'ap-singapore' } as const;
    if (domain === shop.domain)
      await write({
        ...common,
        action: 'ModifyTargetWeight',
        params: {
          ...place,
          Targets: targets.map((t) => ({ InstanceId: t.instanceId ?? '', Port: t.port, Weight: weight })),
        },
      });
    if (domain === 'sale.example.com' && functions.length > 0)
      await write({
        ...common,
        action: 'ModifyFunctionTargets',
        params: {
          ...place,
          FunctionTargets: functions.map((fn) => ({
            Function: {
              FunctionNamespace: fn.namespace,
              FunctionName: fn.name,
              FunctionQualifier: fn.qualifier,
              FunctionQualifierType: 'VERSION',
            },
            Weight: weight,
          })),
        },
      });
  }
}

/** Applies the Split, causes drift on all of its objects, and plans the restore. */
async function drifted(): Promise<{ readonly plan: Plan; readonly restores: readonly Restore[] }> {
  const applied = await fixture.makePlan();
  expect(await new TestRun(fixture, applied).go('apply')).toBe('done');
  const before = await fixture.readEstate();
  const objects = applied.steps.flatMap((step) => (step.kind === 'write' ? [step.object] : []));
  const restores = [...new Map([...objects, shop].map((ref) => [objectKey(ref), ref])).values()].map(
    (object): Restore => ({ object, state: stateAt(before, object) }),
  );
  await reweigh(66);
  await fixture.pointAt(applied, 99);
  const estate = await fixture.readEstate();
  expect(restores.filter(({ object, state }) => sameState(stateAt(estate, object), state))).toEqual([]);
  const planned = planRestore({ estate, diversion: testSplitDiversion, restores, keepAliveS: 0 });
  invariant(planned.ok, `it can be restored: ${JSON.stringify(planned)}`);
  return { plan: planned.value, restores };
}

async function expectRestored(restores: readonly Restore[]): Promise<void> {
  const estate = await fixture.readEstate();
  for (const { object, state } of restores)
    expect(sameState(stateAt(estate, object), state), objectKey(object)).toBe(true);
}

describe('a restore', () => {
  it('applies the earlier state and rolls back to the drifted one, with one call per change', async () => {
    const { plan, restores } = await drifted();
    expect(plan.steps.flatMap((step) => (step.kind === 'write' ? step.call.action : step.kind))).toEqual([
      ...['ModifyFunctionTargets', 'ModifyTargetWeight', 'ModifyRecordFields', 'probe', 'probe', 'probe'],
    ]);
    const found = await fixture.readEstate();
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('done');
    await expectRestored(restores);
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(found));
  });

  it.each(
    (['afterIntent', 'afterCall'] as const).flatMap((point) => ['s1', 's2'].map((step) => ({ point, step }))),
  )('repeats nothing after a crash $point of $step', async (crash) => {
    const { plan, restores } = await drifted();
    const before = Object.values(await fixture.effects()).reduce((sum, count) => sum + count, 0);
    expect(await new TestRun(fixture, plan).go('apply', crash)).toBe('done');
    await expectRestored(restores);
    const after = Object.values(await fixture.effects()).reduce((sum, count) => sum + count, 0);
    expect(after - before).toBe(3);
  });

  it('is rolled back although the load balancers of its weights are deleted', async () => {
    const { plan } = await drifted();
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('done');
    await fixture.edit((account) => {
      for (const id of ['lb-cvm00001', 'lb-scf00001']) delete account.loadBalancers[id];
    });
    expect(await run.go('rollback')).toBe('rolledBack');
    const weights = run
      .view()
      .rollback.filter(({ step }) => step.kind === 'write' && step.object.kind === 'rule');
    expect(weights.map(({ outcome }) => outcome)).toEqual(['already', 'already']);
  });

  it('never overwrites a further foreign change', async () => {
    const { plan } = await drifted();
    await reweigh(77);
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped?.reason).toMatchObject({
      kind: 'drift',
      found: { functions: [{ weight: 77 }] },
    });
  });
});
