import { beforeEach, describe, expect, it } from 'vitest';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { StepId } from '@/lib/plan/model/model';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { getPlan } from '@/lib/server/plans/get-plan';
import {
  testBound,
  testEstate,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
} from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { applyPlan } from './apply-plan';
import { commandRun } from './command-run';
import { getRun } from './get-run';
import { replanRun } from './replan-run';

const context = testContext();

const inS = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const longAgo = inS(-86_400);

/** Returns the snapshot synced so many seconds from now, with the rule as the first two steps leave it. */
const estate = (readInS: number, rules: readonly object[] = [], change: object = {}) =>
  testEstate({ takenAt: inS(readInS), rules: [...testEstate().rules, ...rules], ...change });
const boundRule = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [testBound] });

beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', estate(-60));
});

const said = (type: string, more: object, at = longAgo, direction: Direction = 'apply') =>
  ({ type, ...more, at, direction }) as RunEvent;
const started = (attempt = 1, direction: Direction = 'apply') =>
  said('started', { actor: 'local', attempt }, longAgo, direction);
const done = (stepId: StepId, at = longAgo, direction: Direction = 'apply') =>
  said('stepDone', { stepId, outcome: 'applied', requestId: 'r', durationMs: 1 }, at, direction);
const stopped = said('stopped', { stepId: 's3', reason: { kind: 'internal', message: 'x' } });

const refused = (message: string, values: object = {}) => ({
  ok: false,
  error: { form: { message, values } },
});
const apply = async (planId: PlanId, cutover: Cutover | null = null) => {
  const view = await getPlan(planId);
  return applyPlan({ planId, hash: view?.hash ?? '', typedDomain: null, cutover });
};
async function applied(planId: PlanId, cutover: Cutover | null = null): Promise<RunId> {
  const answer = await apply(planId, cutover);
  invariant(answer.ok, `the plan is applied: ${JSON.stringify(answer)}`);
  return answer.value.runId;
}
const command = (runId: RunId, name: string) =>
  commandRun({ runId, command: name, reason: '', typedDomain: null } as Parameters<typeof commandRun>[0]);
const replan = (runId: RunId, reason = '') => replanRun({ runId, reason });
async function planned(runId: RunId, reason = ''): Promise<PlanId> {
  const answer = await replan(runId, reason);
  invariant(answer.ok, `it is re-planned: ${JSON.stringify(answer)}`);
  return answer.value.planId;
}

/** Stores a run that has created and bound its rule and was then stopped; the connection has been synced since. */
async function stoppedRun(cutover: Cutover | null = null): Promise<RunId> {
  const runId = await applied((await context.plan()).id, cutover);
  await context.write(runId, started(), done(StepId.parse('s1')), done(StepId.parse('s2')), stopped);
  await context.connect('test', 'sandbox', estate(-5, [boundRule]));
  return runId;
}

/** Returns the apply and rollback steps of a run that only changes DNS. */
async function readDnsSteps(runId: RunId): Promise<readonly string[]> {
  const plan = (await getRun(runId))?.plan;
  return [plan?.steps, plan?.rollback].map((steps) => steps?.find(({ kind }) => kind === 'write')?.id ?? '');
}

describe('re-plan', () => {
  it('keeps the stopped run with its T1, and reports what the new plan does not roll back', async () => {
    const cutover: Cutover = {
      t0: inS(600),
      prewarmS: 60,
      t1: inS(7200),
      zone: 'UTC',
      missedT0: { kind: 'skip' },
      guards: [],
    };
    const runId = await stoppedRun(cutover);
    const planId = await planned(runId);
    expect(await getRun(runId)).toMatchObject({
      state: 'stopped',
      replaces: null,
      replacedBy: { planId, runId: null, state: null, inEffect: null },
    });
    const view = await getPlan(planId);
    expect(view?.replaces).toMatchObject({
      runId,
      state: 'stopped',
      t1: cutover.t1,
      left: [{ runId, steps: [{ step: { id: 's2' }, isUnsure: false }, { step: { id: 's1' } }] }],
    });
    expect(view?.plan.steps.filter(({ kind }) => kind === 'write')).toHaveLength(1);
    expect(await command(runId, 'continue')).toMatchObject({ ok: true });
  });

  it('abandons the stopped run when the new plan is applied, with the given reason', async () => {
    const runId = await stoppedRun();
    const newRun = await applied(await planned(runId, 'the probe was wrong'));
    expect(await getRun(runId)).toMatchObject({
      state: 'closed',
      stoppedBy: { reason: 'the probe was wrong' },
      replacedBy: { runId: newRun, state: 'queued', inEffect: newRun },
    });
    expect(await getRun(newRun)).toMatchObject({
      replaces: { runId, state: 'closed', t1: null, left: [{ runId, state: 'closed' }] },
    });
  });

  it('does not apply the new plan while the old run is in progress', async () => {
    const runId = await stoppedRun();
    const planId = await planned(runId);
    expect(await command(runId, 'continue')).toMatchObject({ ok: true });
    expect(await apply(planId)).toMatchObject(refused('run.overlap', { run: runId }));
    expect(await getRun(runId)).toMatchObject({ state: 'queued' });
  });

  it('is refused on a snapshot from before the run stopped, and if nothing is left to do', async () => {
    const runId = await applied((await context.plan()).id);
    await context.write(runId, started(), done(StepId.parse('s1')), { ...stopped, at: inS(0) });
    expect(await replan(runId)).toMatchObject(refused('run.replanStale', { run: runId }));
    const records = [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.2')];
    await context.connect('test', 'sandbox', estate(5, [boundRule], { records }));
    expect(await replan(runId)).toMatchObject(refused('run.replanNothing', { run: runId }));
    expect(await getRun(runId)).toMatchObject({ state: 'stopped', replacedBy: null });
  });

  it('lists the changes in effect of all runs that it continues', async () => {
    const first = await stoppedRun();
    const second = await applied(await planned(first));
    await context.write(
      second,
      started(),
      said('stopped', { stepId: 's1', reason: { kind: 'internal', message: 'x' } }),
    );
    const third = await planned(second);
    expect((await getPlan(third))?.replaces).toMatchObject({ runId: second, left: [{ runId: first }] });
  });
});

it('keeps the TTL from before the stopped run, and applies with it', async () => {
  const low = { ...testSplit(), lowerTtlS: 30 };
  const record = (ttlS: number) => ({
    records: [testRecord(11, 'shop', '127.77.1.1'), { ...testRecord(12, 'flash', '127.77.1.1'), ttlS }],
  });
  await context.connect('test', 'sandbox', estate(-60, [], record(600)));
  const { id, plan } = await context.plan(low);
  const writes = plan.steps.filter((step) => step.kind === 'write' && step.phase === 'prewarm');
  const lowered = writes.find((step) => step.kind === 'write' && step.object.kind === 'recordSet');
  invariant(lowered !== undefined && writes.length > 1, 'its TTL is lowered before T0');
  const runId = await applied(id);
  await context.write(runId, started(), ...writes.map((step) => done(step.id)), stopped);
  await context.connect('test', 'sandbox', estate(-5, [boundRule], record(30)));
  const view = await getPlan(await planned(runId));
  const restored = (steps: Plan['steps'] = []) =>
    steps.filter(({ kind, phase }) => kind === 'write' && phase === 'drain').at(-1);
  expect(view?.plan.originalTtls).toMatchObject([{ loweredS: 30, ttlS: 600, cachedS: 0 }]);
  expect(restored(view?.plan.steps)).toMatchObject({ after: { records: [{ ttlS: 600 }] } });
  expect(restored(view?.plan.rollback)).toMatchObject({ after: { records: [{ ttlS: 600 }] } });
  // The checks of the apply re-plan it, with the same result.
  expect(await apply(view?.id ?? id)).toMatchObject({ ok: true });
});

it('refuses a T1 for a plan that only restores a TTL: its restore would be undone, or never made', async () => {
  const low = { ...testSplit(), lowerTtlS: 30 };
  const record = (ttlS: number, value: string) => ({
    records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', value, { ttlS })],
  });
  await context.connect('test', 'sandbox', estate(-60, [], record(600, '127.77.1.1')));
  const { id, plan } = await context.plan(low);
  const moves = plan.steps.filter(({ kind, phase }) => kind === 'write' && phase !== 'drain');
  const runId = await applied(id);
  await context.write(
    runId,
    started(),
    ...moves.map((step) => done(step.id)),
    said('closed', { actor: 'local', reason: 'keep it' }),
  );
  await context.connect('test', 'sandbox', estate(-5, [boundRule], record(30, '127.77.1.2')));
  const left = await context.plan(low);
  expect(left.plan.steps.map(({ kind, phase }) => [kind, phase])).toEqual([['write', 'drain']]);
  const cutover: Cutover = {
    t0: inS(3600),
    t1: inS(7200),
    prewarmS: 60,
    zone: 'UTC',
    missedT0: { kind: 'skip' },
    guards: [],
  };
  const fields = { 'cutover.t1': ['t1.nothingMoves'] };
  expect(await apply(left.id, cutover)).toMatchObject({ ok: false, error: { fields } });
  expect(await apply(left.id, { ...cutover, t1: null })).toMatchObject({ ok: true });
});

describe('the rollback of a run that another one continues', () => {
  it('waits until that one is rolled back and its cached answers have expired', async () => {
    const first = await stoppedRun();
    const second = await applied(await planned(first));
    expect(await command(first, 'rollback')).toMatchObject(
      refused('run.replacedInEffect', { run: first, by: second }),
    );
    const [there = '', back = ''] = await readDnsSteps(second);
    await context.write(second, started(), done(StepId.parse(there)), said('finished', { result: 'done' }));
    expect(await command(first, 'rollback')).toMatchObject(
      refused('run.replacedInEffect', { run: first, by: second }),
    );
    expect(await command(second, 'rollback')).toMatchObject({ ok: true });
    await context.write(second, started(2, 'rollback'), done(StepId.parse(back), inS(0), 'rollback'));
    await context.write(second, said('finished', { result: 'rolledBack' }, inS(0), 'rollback'));
    const notYet = await command(first, 'rollback');
    expect(notYet).toMatchObject(refused('run.notDrained', { run: first, by: second }));
  });

  it('is possible after old answers have expired', async () => {
    const first = await stoppedRun();
    const second = await applied(await planned(first));
    await context.write(second, started(), done(StepId.parse('s1')));
    await context.write(
      second,
      said('rollback', { why: { kind: 'T1' } }, longAgo, 'rollback'),
      done(StepId.parse('r1'), longAgo, 'rollback'),
    );
    await context.write(second, said('finished', { result: 'rolledBack' }, longAgo, 'rollback'));
    expect((await getRun(first))?.replacedBy).toMatchObject({ runId: second, inEffect: null });
    expect(await command(first, 'rollback')).toMatchObject({ ok: true });
    expect(await getRun(first)).toMatchObject({ state: 'queued', direction: 'rollback' });
  });
});

it('a run that was left as is can be rolled back unless another one continues it', async () => {
  const runId = await stoppedRun();
  expect(await command(runId, 'leaveAsIs')).toMatchObject({ ok: true });
  expect(await getRun(runId)).toMatchObject({ state: 'closed', replacedBy: null });
  expect(await command(runId, 'continue')).toMatchObject(refused('run.cannot.continue'));
  expect(await command(runId, 'rollback')).toMatchObject({ ok: true });
});

describe('re-plan of a run that creates a load balancer', () => {
  const creates = {
    loadBalancers: [{ id: '@lb/new', name: 'sale', region: 'ap-singapore', network: 'OPEN', vpcId: 'vpc-1' }],
    listeners: [{ id: '@lbl/new', loadBalancerId: '@lb/new', name: 'web', protocol: 'HTTP', port: 80 }],
  };
  const diversion = { ...testSplit({ loadBalancerId: '@lb/new', listenerId: '@lbl/new' }), creates };
  const lost = {
    code: 'Network.Timeout',
    message: 'no answer',
    requestId: null,
    action: 'CreateLoadBalancer',
    region: 'ap-singapore',
    mayHaveHappened: true,
    advice: 'readBack',
  };

  /**
   * Stores a run that was stopped after its call to create the load balancer, and a sync that found a load balancer of its
   * name.
   */
  async function stoppedAfterCreate(...answer: readonly RunEvent[]) {
    const { id, plan } = await context.plan(diversion);
    const step = plan.steps.find((each) => each.kind === 'write' && each.object.kind === 'loadBalancer');
    invariant(step !== undefined, 'the plan creates a load balancer');
    const runId = await applied(id);
    const called = said('intent', { stepId: step.id, action: 'CreateLoadBalancer', attempt: 1 });
    const answered = answer.map((event) => ({ ...event, stepId: step.id }) as RunEvent);
    await context.write(runId, started(), called, ...answered, stopped);
    const loadBalancers = [...testEstate().loadBalancers, testLoadBalancer('lb-9', { name: 'sale' })];
    await context.connect('test', 'sandbox', estate(-5, [], { loadBalancers }));
    const view = await getPlan(await planned(runId));
    invariant(view !== null, 'the plan is stored');
    const created = view.plan.steps.filter((each) => each.kind === 'write' && each.yields !== undefined);
    return {
      created: created.map((each) => (each.kind === 'write' ? each.object.kind : '')),
      found: view.findings.find(({ check }) => check === 'created'),
    };
  }

  it('does not treat one of the same name as its own when the request was lost, and reports that the name is in use', async () => {
    const failed = said('callFailed', { error: lost });
    const { created, found } = await stoppedAfterCreate(failed);
    expect(created).toEqual(['loadBalancer', 'listener']);
    expect(found).toMatchObject({ status: 'block', why: 'created.nameTaken', objects: ['lb-9'] });
  });

  it('continues with the one from the response of the call', async () => {
    const accepted = said('accepted', { requestId: 'r', taskId: null, loadBalancerId: 'lb-9' });
    const { created, found } = await stoppedAfterCreate(accepted);
    expect(created).toEqual(['listener']);
    expect(found).toMatchObject({ status: 'pass', why: 'created.there', objects: ['lb-9'] });
  });
});

it('handles more concurrent commands than database connections', async () => {
  const runId = await stoppedRun();
  const answers = await Promise.all(Array.from({ length: 20 }, () => command(runId, 'continue')));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
});
