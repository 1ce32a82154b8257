import { beforeEach, describe, expect, it } from 'vitest';
import type { DriftedView, DriftView } from '@/lib/client/drift-views';
import { runAttempts, runs } from '@/lib/db/schema';
import type { ConnectionId } from '@/lib/estate/ids';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/hash';
import type { Plan } from '@/lib/plan/model';
import { testBound, testEstate, testRecord, testRule } from '@/lib/plan/test-estate';
import type { Direction, RunEvent } from '@/lib/run/model';
import { adoptDrift } from './adopt-drift';
import { applyPlan } from './apply-plan';
import { commandRun } from './command-run';
import { getDrift } from './get-drift';
import { getPlan } from './get-plan';
import { getRail } from './get-rail';
import { getRun } from './get-run';
import { replanRun } from './replan-run';
import { restoreDrift } from './restore-drift';
import { storePlan } from './store-plan';
import { testContext } from './test-context';

/* Drift over a real database: runs are stored as workers store them, and read as the dashboard reads them. */

const context = testContext();

const inS = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const other = { ...testBound, qualifier: '2' };
const ruleOf = (functions: readonly object[]) =>
  testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions });
const records = (value: string, ttlS = 60) => [
  testRecord(11, 'shop', '127.77.1.1'),
  testRecord(12, 'flash', value, { ttlS }),
];

/** The estate with lane B as it was read so many seconds from now. */
const read = (
  readInS: number,
  {
    functions = [testBound],
    value = '127.77.1.2',
    ttlS = 60,
  }: {
    readonly functions?: readonly object[] | null;
    readonly value?: string;
    readonly ttlS?: number;
  } = {},
  change: object = {},
) =>
  context.connect(
    'test',
    'sandbox',
    testEstate({
      takenAt: inS(readInS),
      rules: [...testEstate().rules, ...(functions === null ? [] : [ruleOf(functions)])],
      records: records(value, ttlS),
      ...change,
    }),
  );

const said = (type: string, more: object, at: string, direction: Direction = 'apply') =>
  ({ type, ...more, at, direction }) as RunEvent;
const doneAll = (stepIds: readonly string[], at: string, direction: Direction = 'apply') =>
  stepIds.map((stepId) =>
    said('stepDone', { stepId, outcome: 'applied', requestId: 'r', durationMs: 1 }, at, direction),
  );

/** Has a plan applied and carried out so many seconds ago; its estate is the newest one. */
async function run(planId: string, agoS: number, writes = Infinity): Promise<string> {
  const view = await getPlan(planId);
  const answer = await applyPlan({ planId, hash: view?.hash ?? '', typedDomain: null, cutover: null });
  invariant(answer.ok, `the plan is applied: ${JSON.stringify(answer)}`);
  const { runId } = answer.value;
  const steps = (view?.plan.steps ?? []).filter(({ kind }) => kind === 'write').slice(0, writes);
  const at = inS(-agoS);
  await context.write(runId, said('started', { actor: 'local', attempt: 1 }, at));
  await context.write(
    runId,
    ...doneAll(
      steps.map(({ id }) => id),
      at,
    ),
  );
  if (writes === Infinity) await context.write(runId, said('finished', { result: 'done' }, at));
  return runId;
}

/** A Split that was applied a minute ago, on an estate that was read before it. */
async function applied(): Promise<{ readonly planId: string; readonly runId: string }> {
  await context.connect('test', 'sandbox', testEstate({ takenAt: inS(-120) }));
  const { id } = await context.plan();
  return { planId: id, runId: await run(id, 60) };
}

async function drift(): Promise<DriftView> {
  const view = await getDrift('test');
  invariant(view !== null, 'the estate has been read');
  return view;
}
async function onlyOne(): Promise<DriftedView> {
  const { drifted } = await drift();
  expect(drifted).toHaveLength(1);
  const [only] = drifted;
  invariant(only !== undefined, 'it has just been counted');
  return only;
}
const adopt = ({ key, mark }: DriftedView, reason = 'a hotfix that stays') =>
  adoptDrift({ connectionId: 'test', objects: [{ key, mark }], reason });
const refused = (message: string) => ({ ok: false, error: { form: { message } } });

async function restored(keys: readonly string[]): Promise<string> {
  const answer = await restoreDrift({ connectionId: 'test', keys });
  invariant(answer.ok, `a plan is made: ${JSON.stringify(answer)}`);
  return answer.value.planId;
}

beforeEach(() => context.clear());

describe('drift', () => {
  it('is not looked for before a plan is applied, and not before the first look', async () => {
    await context.connect('test');
    expect(await drift()).toMatchObject({ watched: 0, drifted: [], unknown: [], adopted: [] });
    expect(await getDrift('nowhere')).toBeNull();
  });

  it('is not known until somebody has looked after the run, and then is none', async () => {
    const { runId, planId } = await applied();
    expect(await drift()).toMatchObject({ watched: 2, drifted: [] });
    expect((await drift()).unknown.map(({ why }) => why.kind)).toEqual(['notLookedAt', 'notLookedAt']);
    await read(-30);
    expect(await drift()).toMatchObject({ watched: 2, drifted: [], unknown: [] });
    await read(-20, { ttlS: 61 });
    expect(await onlyOne()).toMatchObject({
      object: { kind: 'recordSet', subdomain: 'flash' },
      expected: { records: [{ value: '127.77.1.2', ttlS: 60 }] },
      found: { records: [{ value: '127.77.1.2', ttlS: 61 }] },
      by: { planId, runId },
      ...{ adopted: null, since: null, restore: { kind: 'plan' } },
    });
    expect(await getRail()).toMatchObject({ drifted: { test: 1 } });
    await read(-10);
    expect(await getRail()).toMatchObject({ drifted: { test: 0 } });
  });

  it('is unknown in parts that could not be read', async () => {
    await applied();
    await read(-30, { functions: null }, { gaps: [{ part: 'clb/ap-singapore', reason: 'denied' }] });
    const { drifted, unknown } = await drift();
    expect(drifted).toEqual([]);
    expect(unknown).toMatchObject([
      { object: { kind: 'rule' }, why: { kind: 'unread', part: 'clb/ap-singapore/lb-scf' } },
    ]);
  });

  it('is none of what a run still has to write to, nor of what it has taken back', async () => {
    await context.connect('test', 'sandbox', testEstate({ takenAt: inS(-120) }));
    const runId = await run((await context.plan()).id, 60, 1);
    await read(-30, { functions: [other], value: '127.77.1.1' });
    expect(await drift()).toMatchObject({ drifted: [], unknown: [{ why: { kind: 'busy', runId } }] });

    const view = await getRun(runId);
    await context.write(
      runId,
      said('held', { stepId: 's2', reason: { kind: 'asked', actor: 'local' } }, inS(-20)),
    );
    await commandRun({ runId, command: 'revert', reason: '', typedDomain: null });
    const back = (view?.plan.revert ?? []).filter(({ kind }) => kind === 'write').map(({ id }) => id);
    await context.write(
      runId,
      said('started', { actor: 'local', attempt: 2 }, inS(-15), 'revert'),
      ...doneAll(back, inS(-15), 'revert'),
      said('finished', { result: 'reverted' }, inS(-15), 'revert'),
    );
    expect(await drift()).toMatchObject({ watched: 0, drifted: [], unknown: [] });
  });
});

describe('a plan that spans accounts', () => {
  it('is compared with the reading of the account that each object is in', async () => {
    await context.connect('test', 'sandbox', testEstate({ takenAt: inS(-120) }));
    const { plan } = await context.plan();
    // As if the load balancer of lane B were in another account.
    const steps = plan.steps.map((step) =>
      step.kind === 'write' && step.object.kind === 'rule'
        ? { ...step, object: { ...step.object, connectionId: 'other' as ConnectionId } }
        : step,
    );
    const spanning: Plan = { ...plan, steps };
    const estate = testEstate({ takenAt: inS(-120) });
    const planId = await storePlan({ plan: spanning, hash: await planHash(spanning), estate });
    const [stored] = await context.db.insert(runs).values({ planId, createdBy: 'local' }).returning();
    const runId = stored?.id ?? '';
    const attempt = { runId, attempt: 1, direction: 'apply', actor: 'local' } as const;
    await context.db.insert(runAttempts).values(attempt);
    const writes = steps.filter(({ kind }) => kind === 'write').map(({ id }) => id);
    const finished = said('finished', { result: 'done' }, inS(-60));
    const started = said('started', { actor: 'local', attempt: 1 }, inS(-60));
    await context.write(runId, started, ...doneAll(writes, inS(-60)), finished);

    // Nobody has read the other account yet.
    await read(-30, { functions: null });
    expect(await drift()).toMatchObject({ drifted: [], unknown: [{ why: { kind: 'notLookedAt' } }] });
    expect(await getRail()).toMatchObject({ drifted: { test: 0 } });
    const rules = [...testEstate().rules, ruleOf([other])];
    await context.connect('other', 'sandbox', testEstate({ takenAt: inS(-20), rules, records: [] }));
    expect(await onlyOne()).toMatchObject({
      object: { kind: 'rule', connectionId: 'other' },
      found: { functions: [{ qualifier: '2' }] },
    });
    expect(await getRail()).toMatchObject({ drifted: { test: 1, other: 0 } });
  });
});

describe('a run that holds until T1', () => {
  it('shows drift, and keeps plans away until it is over', async () => {
    const { runId } = await applied();
    const gate = said('gate', { gate: 'T1', due: inS(3600) }, inS(-55));
    await context.write(runId, said('started', { actor: 'local', attempt: 1 }, inS(-56)), gate);
    expect(await getRun(runId)).toMatchObject({ state: 'holding' });
    await read(-30, { ttlS: 300 });
    const { key, restore } = await onlyOne();
    expect(restore).toEqual({ kind: 'open', runId });
    expect(await restoreDrift({ connectionId: 'test', keys: [key] })).toMatchObject(refused('run.overlap'));
  });
});

describe('adopting', () => {
  it('makes what was found the expected state, with who and why, until it changes again', async () => {
    const { runId } = await applied();
    await read(-30, { functions: [other] });
    const found = await onlyOne();
    expect(await adopt(found)).toEqual({ ok: true, value: null });
    const { drifted, adopted } = await drift();
    expect(drifted).toEqual([]);
    expect(adopted).toMatchObject([
      {
        ...{ key: found.key, expected: found.expected, found: found.found, by: { runId } },
        adopted: { actor: 'local', reason: 'a hotfix that stays' },
      },
    ]);
    // What the plan had left is drift now, too.
    await read(-20);
    expect(await onlyOne()).toMatchObject({
      expected: found.found,
      found: found.expected,
      adopted: { reason: 'a hotfix that stays' },
    });
    expect(await getRail()).toMatchObject({ drifted: { test: 1 } });
  });

  it('counts no more once the next plan has written to the object', async () => {
    await applied();
    await read(-50, { functions: [] });
    expect(await adopt(await onlyOne())).toMatchObject({ ok: true });
    const { id } = await context.plan();
    await run(id, 20);
    await read(-10);
    expect(await drift()).toMatchObject({ drifted: [], adopted: [] });
    await read(-5, { functions: [] });
    expect(await onlyOne()).toMatchObject({ adopted: null, by: { planId: id } });
  });

  it('wants a reason, and the very state that was looked at', async () => {
    await applied();
    await read(-30, { functions: [] });
    const found = await onlyOne();
    expect(await adopt(found, ' ')).toMatchObject({
      ok: false,
      error: { fields: { reason: ['reason.missing'] } },
    });
    await read(-20, { functions: [other] });
    expect(await adopt(found)).toMatchObject(refused('drift.changed'));
    await read(-10);
    expect(await adopt(found)).toMatchObject(refused('drift.gone'));
    const objects = [{ key: 'k', mark: 'm' }];
    expect(await adoptDrift({ connectionId: 'nowhere', objects, reason: 'r' })).toMatchObject(
      refused('connection.gone'),
    );
  });

  it('takes all objects or none', async () => {
    await applied();
    await read(-30, { functions: [], ttlS: 300 });
    const objects = (await drift()).drifted.map(({ key, mark }) => ({ key, mark }));
    const wrong = objects.map((each, nth) => (nth === 0 ? each : { ...each, mark: 'other' }));
    const adoptAll = (some: typeof objects) =>
      adoptDrift({ connectionId: 'test', objects: some, reason: 'the world was made anew' });
    expect(await adoptAll(wrong)).toMatchObject(refused('drift.changed'));
    expect((await drift()).drifted).toHaveLength(2);
    expect(await adoptAll(objects)).toMatchObject({ ok: true });
    expect(await drift()).toMatchObject({ drifted: [], adopted: [{}, {}] });
  });
});

describe('restoring', () => {
  it('makes a plan that is reviewed and applied like any other, and leads back', async () => {
    const { planId } = await applied();
    await read(-30, { functions: [], ttlS: 300 });
    const { drifted } = await drift();
    const restoring = await restored(drifted.map(({ key }) => key));
    const view = await getPlan(restoring);
    expect(view).toMatchObject({
      isIntact: true,
      plan: { diversion: { name: 'Restore: 12.12 flash split' } },
    });
    expect(view?.plan.steps.flatMap((s) => (s.kind === 'write' ? s.call.action : s.kind))).toEqual([
      'RegisterFunctionTargets',
      'probe',
      'ModifyRecordFields',
      'probe',
      'probe',
    ]);
    const runId = await run(restoring, 20);
    await read(-10);
    expect(await drift()).toMatchObject({ drifted: [], unknown: [] });
    await read(-5, { ttlS: 300 });
    const again = await onlyOne();
    expect(again.by).toMatchObject({ planId: restoring, runId });
    expect(again.by.planId).not.toBe(planId);
    const twice = await getPlan(await restored([again.key]));
    expect(twice?.plan.diversion.name).toBe('Restore: 12.12 flash split');
  });

  it('brings back what was adopted, too, and puts one function in the place of another in one call', async () => {
    await applied();
    await read(-30, { functions: [other] });
    expect(await adopt(await onlyOne())).toMatchObject({ ok: true });
    await read(-20);
    const { key } = await onlyOne();
    const view = await getPlan(await restored([key]));
    expect(view?.plan.restores).toMatchObject([{ state: { functions: [{ qualifier: '2' }] } }]);
    expect(view?.plan.steps).toMatchObject([{ call: { action: 'ModifyFunctionTargets' }, phase: 'divert' }]);
  });

  it('is not stopped by what somebody has bound in its place', async () => {
    await applied();
    const target = { kind: 'CVM', instanceId: 'ins-web00001', instanceName: null, privateIp: null };
    const withTargets = { targets: [{ ...target, port: 80, weight: 10 }] };
    const rules = [...testEstate().rules, testRule('loc-b', 'lb-scf', 'flash.example.co.id', withTargets)];
    await read(-30, { functions: null }, { rules });
    const { key } = await onlyOne();
    const planId = await restored([key]);
    const view = await getPlan(planId);
    expect(view?.findings.filter(({ status }) => status === 'block')).toEqual([]);
    expect(view?.plan.steps.flatMap((s) => (s.kind === 'write' ? s.call.action : []))).toEqual([
      ...['DeregisterTargets', 'RegisterFunctionTargets'],
    ]);
    await run(planId, 20);
    await read(-10);
    expect(await drift()).toMatchObject({ drifted: [], unknown: [] });
  });

  it('is planned anew as what it is, once its run is held', async () => {
    await applied();
    await read(-30, { ttlS: 300, functions: [other] });
    const { drifted } = await drift();
    const planId = await restored(drifted.map(({ key }) => key));
    const runId = await run(planId, 20, 1);
    await context.write(
      runId,
      said('held', { stepId: 's3', reason: { kind: 'asked', actor: 'local' } }, inS(-15)),
    );
    await read(-10, { ttlS: 300 });
    const again = await replanRun({ runId, reason: '' });
    invariant(again.ok, `it is planned anew: ${JSON.stringify(again)}`);
    const view = await getPlan(again.value.planId);
    expect(view?.plan.restores).toEqual((await getPlan(planId))?.plan.restores);
    expect(view?.plan.steps.flatMap((s) => (s.kind === 'write' ? s.call.action : []))).toEqual([
      'ModifyRecordFields',
    ]);
  });

  it('is drift again once it is rolled back, and what was adopted counts again', async () => {
    const { runId: first } = await applied();
    await read(-50, { ttlS: 300 });
    const found = await onlyOne();
    expect(await adopt(found)).toMatchObject({ ok: true });
    await read(-45);
    const planId = await restored([(await onlyOne()).key]);
    const runId = await run(planId, 40);
    await read(-35, { ttlS: 300 });
    expect(await drift()).toMatchObject({ drifted: [], adopted: [] });
    await commandRun({ runId, command: 'revert', reason: '', typedDomain: null });
    const back = (await getRun(runId))?.plan.revert.filter(({ kind }) => kind === 'write') ?? [];
    await context.write(
      runId,
      said('started', { actor: 'local', attempt: 2 }, inS(-30), 'revert'),
      ...doneAll(
        back.map(({ id }) => id),
        inS(-30),
        'revert',
      ),
      said('finished', { result: 'reverted' }, inS(-30), 'revert'),
    );
    expect((await drift()).unknown.map(({ why }) => why.kind)).toEqual(['notLookedAt']);
    await read(-25);
    expect(await onlyOne()).toMatchObject({
      by: { runId: first },
      adopted: { reason: 'a hotfix that stays' },
      expected: { records: [{ ttlS: 300 }] },
    });
  });

  it('is not applied once something else is found than the plan was made of', async () => {
    await applied();
    await read(-30, { ttlS: 300 });
    const { key } = await onlyOne();
    const planId = await restored([key]);
    await read(-20, { ttlS: 200 });
    const view = await getPlan(planId);
    expect(
      await applyPlan({ planId, hash: view?.hash ?? '', typedDomain: null, cutover: null }),
    ).toMatchObject(refused('plan.outdated'));
  });

  it('says where no plan can do it, and makes none', async () => {
    await applied();
    await read(-30, {}, { records: [...records('127.77.1.2'), testRecord(13, 'flash', '203.0.113.9')] });
    const { key, restore } = await onlyOne();
    expect(restore).toEqual({ kind: 'cannot', reason: 'extraRecord' });
    expect(await restoreDrift({ connectionId: 'test', keys: [key] })).toMatchObject(refused('drift.cannot'));
    expect(await restoreDrift({ connectionId: 'test', keys: ['rule/none'] })).toMatchObject(
      refused('drift.gone'),
    );
    expect(await restoreDrift({ connectionId: 'test', keys: [] })).toMatchObject({ ok: false });
  });

  it('waits for a run that is open on the object', async () => {
    await applied();
    await read(-30, { ttlS: 300 });
    const { key } = await onlyOne();
    const view = await getPlan(await restored([key]));
    const hash = view?.hash ?? '';
    const made = await applyPlan({ planId: view?.id ?? '', hash, typedDomain: null, cutover: null });
    invariant(made.ok, 'the plan is applied');
    // It waits in the queue.
    const { unknown } = await drift();
    expect(unknown).toMatchObject([{ key, why: { kind: 'busy', runId: made.value.runId } }]);
    expect(await restoreDrift({ connectionId: 'test', keys: [key] })).toMatchObject(refused('drift.gone'));
  });
});
