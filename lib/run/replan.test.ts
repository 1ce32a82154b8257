import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveIds } from '@/lib/estate/call';
import { invariant } from '@/lib/invariant';
import { TestRun } from '@/testing/run/test-run';
import { lasting, startRunFixture } from '@/testing/run/test-run-fixture';
import { undoList } from './model/run-effects';

/*
 * Runs a plan that is stopped half-way and another one that continues from there, on the real sandbox, and checks what
 * each rolls back.
 */

const fixture = await startRunFixture('127.181.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

/** Creates and binds the rule, and stops the run; the re-planned plan then moves DNS. */
async function stoppedAndReplanned(keepAliveS = 0) {
  const first = new TestRun(fixture, await fixture.makePlan(keepAliveS));
  first.stopAt = 's4';
  expect(await first.go('apply')).toBe('stopped');
  const second = new TestRun(fixture, await fixture.makePlan(keepAliveS));
  expect(second.plan.steps.filter((step) => step.kind === 'write').map((step) => step.object.kind)).toEqual([
    'recordSet',
  ]);
  return { first, second };
}

describe('a run that another one continues', () => {
  it('is rolled back after that one, and restores the state before both', async () => {
    const before = lasting(await fixture.readEstate());
    const { first, second } = await stoppedAndReplanned();
    expect(undoList(first.view())).toHaveLength(2);
    expect(await second.go('apply')).toBe('done');

    // Its own rollback ends where it started: the changes of the first run stay.
    expect(await second.go('rollback')).toBe('rolledBack');
    expect(lasting(await fixture.readEstate())).not.toEqual(before);
    expect(undoList(first.view())).toHaveLength(2);

    expect(await first.go('rollback')).toBe('rolledBack');
    expect(undoList(first.view())).toEqual([]);
    expect(lasting(await fixture.readEstate())).toEqual(before);
  });

  it('doesn’t unbind while the other run sends traffic there, and then waits for old answers', async () => {
    const before = lasting(await fixture.readEstate());
    const { first, second } = await stoppedAndReplanned(20);
    await second.go('apply');
    const moved = lasting(await fixture.readEstate());
    expect(await first.go('rollback')).toBe('stopped');
    expect(first.view().stopped?.reason).toMatchObject({ kind: 'drift', object: { kind: 'recordSet' } });
    expect(lasting(await fixture.readEstate())).toEqual(moved);

    expect(await second.go('rollback')).toBe('rolledBack');
    expect(await first.go('rollback')).toBe('rolledBack');
    const drain = first.view().rollback.find(({ step }) => step.kind === 'drain');
    expect(drain?.outcome).toBe('waited');
    expect(drain?.durationMs).toBeGreaterThanOrEqual(20_000);
    expect(lasting(await fixture.readEstate())).toEqual(before);
  });

  it('is stopped if another actor has changed its objects, and preserves that change', async () => {
    const { first, second } = await stoppedAndReplanned();
    await second.go('apply');
    await second.go('rollback');
    const bind = first.plan.steps[1];
    invariant(bind?.kind === 'write' && bind.object.kind === 'rule', 'the second step binds');
    const { ids } = await fixture.cloud.read(bind.object);
    await fixture.cloud.wait(await fixture.cloud.write(resolveIds(bind.inverse, ids).call));
    const targets = {
      LoadBalancerId: bind.object.loadBalancerId,
      ListenerId: bind.object.listenerId,
      LocationId: ids.LocationId ?? '',
      Targets: [{ InstanceId: 'ins-web00001', Port: 8080, Weight: 10 }],
    };
    const { region } = bind.object;
    await fixture.cloud.wait(
      await fixture.cloud.write({ service: 'clb', action: 'RegisterTargets', region, params: targets }),
    );
    const changed = lasting(await fixture.readEstate());
    expect(await first.go('rollback')).toBe('stopped');
    expect(first.view().stopped?.reason).toMatchObject({ kind: 'drift', object: { kind: 'rule' } });
    expect(lasting(await fixture.readEstate())).toEqual(changed);
  });
});
