import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { published } from '@/lib/sandbox/seeds/parts';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { testAccess } from '@/testing/diversion/test-access';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { TestRun } from '@/testing/run/test-run';
import { lasting, startRunFixture } from '@/testing/run/test-run-fixture';

/*
 * Rollbacks of objects that were deleted during the run, over HTTP against the real sandbox: a deleted object counts as
 * undone.
 */

const fixture = await startRunFixture('127.169.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

const deleteLoadBalancer = (id: string) =>
  fixture.edit((account) => {
    invariant(account.loadBalancers[id] !== undefined, `${id} is there`);
    delete account.loadBalancers[id];
  });

/** Returns the outcomes of the rollback steps that make these calls. */
const outcomes = (run: TestRun, ...actions: readonly string[]) =>
  run
    .view()
    .rollback.flatMap(({ step, outcome }) =>
      step.kind === 'write' && actions.includes(step.call.action) ? [outcome] : [],
    );

describe('a rollback', () => {
  it('completes when the load balancer of its rule and binding is deleted', async () => {
    const run = new TestRun(fixture, await fixture.makePlan());
    expect(await run.go('apply')).toBe('done');
    await deleteLoadBalancer('lb-scf00001');
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(outcomes(run, 'DeregisterFunctionTargets', 'DeleteRule')).toEqual(['already', 'already']);
  });

  it('completes when the load balancer of its targets is deleted', async () => {
    const [cvm, fn] = testSplitDiversion.routes;
    const addTargets = [{ instanceId: 'ins-web00001', port: 8081, weight: 10 }];
    const diversion = SplitDiversion.parse({ ...testSplitDiversion, routes: [{ ...cvm, addTargets }, fn] });
    const run = new TestRun(fixture, await fixture.makePlan(0, diversion));
    expect(await run.go('apply')).toBe('done');
    await deleteLoadBalancer('lb-cvm00001');
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(outcomes(run, 'DeregisterTargets')).toEqual(['already']);
  });

  it('completes when the cloud no longer knows the task of a call whose outcome was not recorded', async () => {
    const before = await fixture.readEstate();
    const run = new TestRun(fixture, await fixture.makePlan());
    run.onCrash = async () =>
      void run.messages.push({ id: 'm1', command: 'leaveAsIs', actor: 'test', reason: '' });
    expect(await run.go('apply', { point: 'afterRecord', step: 's2' })).toBe('closed');
    await fixture.edit((account) => {
      account.tasks = {};
    });
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('completes when the poll of such a task is throttled for longer than the adapter repeats it', async () => {
    const before = await fixture.readEstate();
    const run = new TestRun(fixture, await fixture.makePlan());
    run.onCrash = async () =>
      void run.messages.push({ id: 'm1', command: 'leaveAsIs', actor: 'test', reason: '' });
    expect(await run.go('apply', { point: 'afterRecord', step: 's2' })).toBe('closed');
    await fixture.fault({ action: 'DescribeTaskStatus', kind: 'throttle', count: 20 });
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('completes when the function whose warm instances it restores is deleted', async () => {
    await fixture.reset((account: AccountWorld) => {
      for (const [key, fn] of Object.entries(account.functions)) account.functions[key] = published(fn);
    });
    const warm = (provisioned: number) => ({
      ...testAccess,
      routes: testAccess.routes.map((route) => ({ ...route, provisioned })),
    });
    expect(await new TestRun(fixture, await fixture.makePlan(0, warm(1))).go('apply')).toBe('done');
    const run = new TestRun(fixture, await fixture.makePlan(0, warm(2)));
    expect(plannedCalls(run)).toEqual(['PutProvisionedConcurrencyConfig']);
    expect(await run.go('apply')).toBe('done');
    await fixture.edit((account) => {
      for (const key of Object.keys(account.functions)) delete account.functions[key];
    });
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(outcomes(run, 'PutProvisionedConcurrencyConfig')).toEqual(['already']);
  });
});

/** The calls of a plan's writes. */
function plannedCalls({ plan }: TestRun): readonly string[] {
  return plan.steps.flatMap((step) => (step.kind === 'write' ? [step.call.action] : []));
}
