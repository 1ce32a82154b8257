import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveIds } from '@/lib/estate/call';
import { invariant } from '@/lib/invariant';
import { TestRun } from '@/testing/run/test-run';
import { lasting, type RunWorld, startRunWorld } from '@/testing/run/test-run-world';
import { undoList } from './model/run-effects';

/* Runs one plan that was held half-way and another one that continued from there, on the real sandbox, and checks what each rolls back. */

let world: RunWorld;

beforeAll(async () => {
  world = await startRunWorld('127.181.0.0/16');
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

/** Creates and binds the rule, and holds the run; the re-planned plan then moves DNS. */
async function heldAndPlannedAnew(keepAliveS = 0) {
  const first = new TestRun(world, await world.makePlan(keepAliveS));
  first.holdAt = 's4';
  expect(await first.go('apply')).toBe('held');
  const second = new TestRun(world, await world.makePlan(keepAliveS));
  expect(second.plan.steps.filter((step) => step.kind === 'write').map((step) => step.object.kind)).toEqual([
    'recordSet',
  ]);
  return { first, second };
}

describe('a run continued by another one', { timeout: 30_000 }, () => {
  it('is rolled back after that one, which restores the state from before both', async () => {
    const before = lasting(await world.readEstate());
    const { first, second } = await heldAndPlannedAnew();
    expect(undoList(first.view())).toHaveLength(2);
    expect(await second.go('apply')).toBe('done');

    // Its own rollback ends where it began: what the first one has applied stays.
    expect(await second.go('revert')).toBe('reverted');
    expect(lasting(await world.readEstate())).not.toEqual(before);
    expect(undoList(first.view())).toHaveLength(2);

    expect(await first.go('revert')).toBe('reverted');
    expect(undoList(first.view())).toEqual([]);
    expect(lasting(await world.readEstate())).toEqual(before);
  });

  it('unbinds nothing while the other run sends traffic there, and then waits for old answers', async () => {
    const before = lasting(await world.readEstate());
    const { first, second } = await heldAndPlannedAnew(20);
    await second.go('apply');
    const moved = lasting(await world.readEstate());
    expect(await first.go('revert')).toBe('held');
    expect(first.view().held?.reason).toMatchObject({ kind: 'drift', object: { kind: 'recordSet' } });
    expect(lasting(await world.readEstate())).toEqual(moved);

    expect(await second.go('revert')).toBe('reverted');
    expect(await first.go('revert')).toBe('reverted');
    const drain = first.view().revert.find(({ step }) => step.kind === 'drain');
    expect(drain?.outcome).toBe('waited');
    expect(drain?.durationMs).toBeGreaterThanOrEqual(20_000);
    expect(lasting(await world.readEstate())).toEqual(before);
  });

  it('is held where somebody else has changed what it left, and leaves that alone', async () => {
    const { first, second } = await heldAndPlannedAnew();
    await second.go('apply');
    await second.go('revert');
    const bind = first.plan.steps[1];
    invariant(bind?.kind === 'write' && bind.object.kind === 'rule', 'the second step binds');
    const { ids } = await world.cloud.read(bind.object);
    await world.cloud.wait(await world.cloud.write(resolveIds(bind.inverse, ids).call));
    const targets = {
      LoadBalancerId: bind.object.loadBalancerId,
      ListenerId: bind.object.listenerId,
      LocationId: ids.LocationId ?? '',
      Targets: [{ InstanceId: 'ins-web00001', Port: 8080, Weight: 10 }],
    };
    const { region } = bind.object;
    await world.cloud.wait(
      await world.cloud.write({ service: 'clb', action: 'RegisterTargets', region, params: targets }),
    );
    const changed = lasting(await world.readEstate());
    expect(await first.go('revert')).toBe('held');
    expect(first.view().held?.reason).toMatchObject({ kind: 'drift', object: { kind: 'rule' } });
    expect(lasting(await world.readEstate())).toEqual(changed);
  });
});
