import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveIds } from '@/lib/estate/call';
import type { ListenerRef } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { TestRun } from '@/testing/run/test-run';
import { startRunFixture } from '@/testing/run/test-run-fixture';

const fixture = await startRunFixture('127.177.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

describe('a run with foreign changes', () => {
  it('is stopped before a foreign change and overwrites nothing', async () => {
    const plan = await fixture.makePlan();
    const bind = plan.steps[1];
    invariant(bind?.kind === 'write' && bind.object.kind === 'rule', 'the second step binds');
    const rule = bind.object;
    const create = plan.steps[0];
    invariant(create?.kind === 'write', 'the first step creates the rule');
    // Another actor creates the rule first and binds another target to it.
    await fixture.cloud.wait(await fixture.cloud.write(create.call));
    const { ids } = await fixture.cloud.read(rule);
    const other = {
      LoadBalancerId: rule.loadBalancerId,
      ListenerId: rule.listenerId,
      LocationId: ids.LocationId ?? '',
      Targets: [{ InstanceId: 'ins-web00001', Port: 8080, Weight: 10 }],
    };
    await fixture.cloud.wait(
      await fixture.cloud.write({
        service: 'clb',
        action: 'RegisterTargets',
        region: rule.region,
        params: other,
      }),
    );
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped?.reason).toMatchObject({
      kind: 'drift',
      found: { targets: [{ instanceId: 'ins-web00001' }] },
    });
    // This run changed nothing, so there is nothing to roll back.
    expect(await run.go('rollback')).toBe('rolledBack');
    expect((await fixture.cloud.read(rule)).state).toMatchObject({
      targets: [{ instanceId: 'ins-web00001' }],
    });
  });

  it('is stopped before its first write if any object that it touches was changed', async () => {
    const plan = await fixture.makePlan();
    const run = new TestRun(fixture, plan);
    await fixture.pointAt(plan, 9);
    const effects = await fixture.effects();
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped).toMatchObject({ stepId: 's4', reason: { kind: 'drift' } });
    expect(run.events.filter(({ type }) => type === 'intent')).toEqual([]);
    expect(await fixture.effects()).toEqual(effects);
  });

  it('does not move DNS on a retry when an earlier binding has been removed', async () => {
    const plan = await fixture.makePlan();
    const run = new TestRun(fixture, plan);
    run.stopAt = 's4';
    expect(await run.go('apply')).toBe('stopped');
    const bind = plan.steps[1];
    invariant(bind?.kind === 'write', 'the second step binds');
    const { ids } = await fixture.cloud.read(bind.object);
    await fixture.cloud.wait(await fixture.cloud.write(resolveIds(bind.inverse, ids).call));
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped).toMatchObject({
      stepId: 's2',
      reason: { kind: 'drift', found: { functions: [] } },
    });
    expect(Object.keys(await fixture.effects()).some((key) => key.startsWith('Modify'))).toBe(false);
  });

  it('rolls back only its own changes', async () => {
    const plan = await fixture.makePlan();
    const run = new TestRun(fixture, plan);
    const [create, bind] = plan.steps;
    invariant(create?.kind === 'write' && bind?.kind === 'write', 'the plan begins with two writes');
    // Another actor does both first.
    await fixture.cloud.wait(await fixture.cloud.write(create.call));
    const { ids } = await fixture.cloud.read(bind.object);
    await fixture.cloud.wait(await fixture.cloud.write(resolveIds(bind.call, ids).call));
    expect(await run.go('apply')).toBe('stopped');
    expect(await run.go('rollback')).toBe('rolledBack');
    expect((await fixture.cloud.read(bind.object)).state).toMatchObject({
      exists: true,
      functions: [{ name: 'hello' }],
    });
  });

  it('rolls back when someone else has already removed the rule', async () => {
    const plan = await fixture.makePlan();
    const run = new TestRun(fixture, plan);
    await run.go('apply');
    const [create, bind] = plan.steps;
    invariant(create?.kind === 'write' && bind?.kind === 'write', 'the plan begins with two writes');
    run.onWait = async () => {
      const { ids } = await fixture.cloud.read(bind.object);
      await fixture.cloud.wait(await fixture.cloud.write(resolveIds(bind.inverse, ids).call));
      await fixture.cloud.wait(await fixture.cloud.write(resolveIds(create.inverse, ids).call));
    };
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(
      run
        .view()
        .rollback.slice(3)
        .map((s) => s.outcome),
    ).toEqual(['already', 'already']);
  });

  it('reads an object as deleted when its load balancer or listener is deleted', async () => {
    const [create] = (await fixture.makePlan()).steps;
    invariant(create?.kind === 'write' && create.object.kind === 'rule', 'the first step creates the rule');
    const rule = create.object;
    const { region, loadBalancerId } = rule;
    for (const gone of [{ loadBalancerId: 'lb-gone0000' }, { listenerId: 'lbl-gone0000' }] as const)
      expect((await fixture.cloud.read({ ...rule, ...gone } as typeof rule)).state).toMatchObject({
        exists: false,
      });
    const listener = {
      kind: 'listener',
      region,
      loadBalancerId,
      name: 'x',
      protocol: 'HTTP',
      port: 81,
    } as const;
    const elsewhere = { ...listener, loadBalancerId: 'lb-gone0000' } as unknown as ListenerRef;
    expect((await fixture.cloud.read(elsewhere)).state).toMatchObject({ exists: false });
  });

  it('treats its records as undone when someone else has deleted them', async () => {
    const plan = await fixture.makePlan();
    const run = new TestRun(fixture, plan);
    await run.go('apply');
    const move = plan.steps[3];
    invariant(move?.kind === 'write', 'the fourth step moves the record');
    const { Domain, RecordId } = move.call.params;
    invariant(Domain !== undefined && RecordId !== undefined, 'the record is named');
    const params = { Domain, RecordId };
    await fixture.cloud.write({ service: 'dnspod', action: 'DeleteRecord', region: null, params });
    // The name has no answer because of a foreign change: the rollback reports that, not a missing id.
    expect(await run.go('rollback')).toBe('stopped');
    const dns = run
      .view()
      .rollback.find(({ step }) => step.kind === 'write' && step.object.kind === 'recordSet');
    expect(dns?.outcome).toBe('already');
    expect(run.view().stopped?.reason.kind).toBe('probeFailed');
  });

  it('rolls back from half-way although someone else moved DNS, which it never moved', async () => {
    const plan = await fixture.makePlan();
    const run = new TestRun(fixture, plan);
    run.stopAt = 's4';
    expect(await run.go('apply')).toBe('stopped');
    await fixture.pointAt(plan, 9);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped).toMatchObject({ stepId: 's4', reason: { kind: 'drift' } });
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(
      run
        .view()
        .rollback.slice(0, 3)
        .map((s) => s.outcome),
    ).toEqual(['notOurs', 'notOurs', 'notOurs']);
    const create = plan.steps[0];
    invariant(create?.kind === 'write', 'the first step creates the rule');
    expect((await fixture.cloud.read(create.object)).state).toMatchObject({ exists: false });
  });
});
