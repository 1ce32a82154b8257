import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { Plan, StepId, WriteStep } from '@/lib/plan/model/model';
import { published } from '@/lib/sandbox/seeds/parts';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { testAccess } from '@/testing/diversion/test-access';
import { TestRun } from '@/testing/run/test-run';
import { lasting, type RunFixture, startRunFixture } from '@/testing/run/test-run-fixture';
import type { Direction, RunEvent } from './model/model';

/*
 * A plan that creates what it needs: a load balancer, its listener and a rule, and warm instances; and a name that
 * moves by CNAME after its old TTL has expired. All over HTTP against the real sandbox.
 */

let fixture: RunFixture;
let before: Estate;
let plan: Plan;
const oldTtlS = 6;

/** Prepares a function with a version, and a name with a TTL that can be lowered. */
function prepared(account: AccountWorld): void {
  for (const [key, fn] of Object.entries(account.functions)) account.functions[key] = published(fn);
  for (const record of account.zones['example.com']?.records ?? [])
    if (record.subdomain === 'sale') record.ttlS = oldTtlS;
}

async function begin(): Promise<void> {
  await fixture.reset(prepared);
  before = await fixture.readEstate();
  const routes = testAccess.routes.map((route) => ({ ...route, provisioned: 1 }));
  plan = await fixture.makePlan(0, { ...testAccess, routes });
}

beforeAll(async () => {
  fixture = await startRunFixture('127.178.0.0/16');
});
afterAll(() => fixture.stop());
beforeEach(begin);

/** Returns the effects so far, independent of the ids that the cloud assigned to created objects. */
async function effects(): Promise<readonly string[]> {
  const counted = Object.entries(await fixture.effects());
  return counted.map(([key, count]) => `${key.replaceAll(/\blbl?-[0-9a-z]{8}\b/g, 'made')} ${count}`).sort();
}

function findStep(action: string, direction: Direction): WriteStep {
  const steps = direction === 'apply' ? plan.steps : plan.rollback;
  const found = steps.find((step) => step.kind === 'write' && step.call.action === action);
  invariant(found?.kind === 'write', `the plan has a ${action}`);
  return found;
}

/** Returns when a step was started or completed, by the run's clock, in ms. */
function at(run: TestRun, type: RunEvent['type'], stepId: StepId): number {
  const event = run.events.find((e) => e.type === type && 'stepId' in e && e.stepId === stepId);
  invariant(event !== undefined, `${type} of ${stepId} was written down`);
  return Date.parse(event.at);
}

describe('a run that creates objects', () => {
  it('publishes a function on a new load balancer, and leaves nothing after the rollback', async () => {
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('done');
    const there = await fixture.readEstate();
    const made = there.loadBalancers.find(({ name }) => name === 'spillway-sale');
    expect(made).toMatchObject({ network: 'OPEN', status: 'running', domain: expect.any(String) });
    const sale = there.records.filter(({ subdomain }) => subdomain === 'sale');
    expect(sale).toMatchObject([{ type: 'CNAME', value: made?.domain, ttlS: oldTtlS }]);
    const answers = run
      .view()
      .apply.flatMap(({ step, probe }) =>
        step.kind === 'probe' && step.probe.kind === 'http' ? [probe?.body] : [],
      );
    expect(answers).toEqual([expect.stringContaining('Hello CLB'), expect.stringContaining('Hello CLB')]);

    expect(await run.go('rollback')).toBe('rolledBack');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
    expect(new Set(await effects())).toContain('DeleteLoadBalancer made 1');
  });

  it('moves the name only after answers with the old TTL have expired, and restores the TTL last', async () => {
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('done');
    const [lower, move] = [findStep('ModifyRecordFields', 'apply'), findStep('ModifyRecord', 'apply')];
    const waitedMs = at(run, 'intent', move.id) - at(run, 'stepDone', lower.id);
    expect(waitedMs).toBeGreaterThanOrEqual(oldTtlS * 1000);
    expect(await run.go('rollback')).toBe('rolledBack');
    const done = run.events.filter((e) => e.type === 'stepDone' && e.direction === 'rollback');
    expect(done.at(-1)).toMatchObject({ stepId: plan.rollback.at(-1)?.id });
    expect(plan.rollback.at(-1)).toMatchObject({ call: { action: 'ModifyRecordFields' }, undoes: lower.id });
  });

  it('finds a load balancer whose response was lost, and creates no second one', async () => {
    const run = new TestRun(fixture, plan);
    await fixture.fault({ action: 'CreateLoadBalancer', kind: 'replyLost', count: 1 });
    expect(await run.go('apply')).toBe('done');
    const { id } = findStep('CreateLoadBalancer', 'apply');
    expect(run.view().apply.find(({ step }) => step.id === id)).toMatchObject({ outcome: 'readBack' });
    expect(await effects()).toContain('CreateLoadBalancer made 1');
  });

  /** Creates a load balancer with the plan's name from outside the run: the cloud allows equal names. */
  async function makeTwin(): Promise<string> {
    const receipt = await fixture.cloud.write(findStep('CreateLoadBalancer', 'apply').call);
    await fixture.cloud.wait(receipt);
    const id = receipt.loadBalancerId ?? '';
    await fixture.edit((account) =>
      Object.assign(account.loadBalancers[id] ?? {}, { name: 'spillway-sale' }),
    );
    return id;
  }
  /** The load balancers that the test has created. */
  const added = async () => {
    const old = new Set(before.loadBalancers.map(({ id }) => id));
    return (await fixture.readEstate()).loadBalancers.flatMap(({ id }) => (old.has(id) ? [] : [String(id)]));
  };
  const idInJournal = (run: TestRun) =>
    run.events.flatMap((e) => (e.type === 'accepted' && e.loadBalancerId ? [e.loadBalancerId] : []));

  it('keeps the id from the response, and deletes that load balancer beside another one of the same name', async () => {
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('done');
    expect(await added()).toEqual(idInJournal(run));
    const twin = await makeTwin();
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(await added()).toEqual([twin]);
  });

  it('does not treat a load balancer of the same name as its own', async () => {
    const twin = await makeTwin();
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped).toMatchObject({
      stepId: findStep('CreateLoadBalancer', 'apply').id,
      reason: { kind: 'drift', object: { kind: 'loadBalancer' } },
    });
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(await added()).toEqual([twin]);
  });

  it.each(['afterIntent', 'afterCall'] as const)(
    'killed %s of the call, finds its own beside a new one of the same name, and leaves no orphan',
    async (point) => {
      const run = new TestRun(fixture, plan);
      const { id } = findStep('CreateLoadBalancer', 'apply');
      let twin = '';
      run.onCrash = async () => {
        twin = await makeTwin();
      };
      expect(await run.go('apply', { step: id, point })).toBe('done');
      const own = (await added()).filter((each) => each !== twin);
      expect(own).toHaveLength(1);
      expect(new Set(idInJournal(run))).toEqual(new Set(own));
      expect(await run.go('rollback')).toBe('rolledBack');
      expect(await added()).toEqual([twin]);
    },
  );

  it('retries a load balancer whose task has failed', async () => {
    const run = new TestRun(fixture, plan);
    await fixture.fault({ action: 'CreateLoadBalancer', kind: 'taskFails', count: 1 });
    expect(await run.go('apply')).toBe('done');
    expect(
      (await fixture.readEstate()).loadBalancers.filter(({ name }) => name === 'spillway-sale'),
    ).toHaveLength(1);
  });

  it('does not delete a load balancer that contains objects of others', async () => {
    const run = new TestRun(fixture, plan);
    await run.go('apply');
    const made = (await fixture.readEstate()).loadBalancers.find(({ name }) => name === 'spillway-sale');
    invariant(made !== undefined, 'it was made');
    const { id: LoadBalancerId, region } = made;
    const params = { LoadBalancerId, Ports: [8081], Protocol: 'HTTP', ListenerNames: ['theirs'] };
    const call = { service: 'clb', action: 'CreateListener', region, params } as const;
    await fixture.cloud.wait(await fixture.cloud.write(call));
    expect(await run.go('rollback')).toBe('stopped');
    expect(run.view().stopped).toMatchObject({
      stepId: findStep('DeleteLoadBalancer', 'rollback').id,
      reason: { kind: 'cloudError', error: { code: 'Refused.NotEmpty' }, settled: true },
    });
    const listeners = (await fixture.readEstate()).listeners.filter(
      (each) => each.loadBalancerId === made.id,
    );
    expect(listeners).toMatchObject([{ port: 8081 }]);
  });
});

describe('a crash around object creation', () => {
  const points = ['afterIntent', 'afterCall', 'afterRecord', 'beforeResult'] as const;
  /** Each run crashes once in each direction. */
  const pairs = [
    ['CreateLoadBalancer', 'DeleteLoadBalancer'],
    ['CreateListener', 'DeleteListener'],
    ['PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'],
  ] as const;
  const table = pairs.flatMap(([there, back]) => points.map((point) => ({ there, back, point })));
  let uninterrupted: readonly string[];

  beforeAll(async () => {
    await begin();
    const calm = new TestRun(fixture, plan);
    await calm.go('apply');
    await calm.go('rollback');
    uninterrupted = await effects();
  });

  it.each(table)('$point of $there and of $back repeats nothing and loses nothing', async (row) => {
    const { there, back, point } = row;
    const run = new TestRun(fixture, plan);
    expect(await run.go('apply', { step: findStep(there, 'apply').id, point })).toBe('done');
    expect(await run.go('rollback', { step: findStep(back, 'rollback').id, point })).toBe('rolledBack');
    expect(await effects()).toEqual(uninterrupted);
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });
});
