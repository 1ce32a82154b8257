import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { connections } from '@/lib/db/schema';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { objectKey } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import { type PlanId, StepId } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { addSwitch } from '@/lib/server/switches/change-switches';
import { findDrift } from '@/lib/store/drift/find-drift';
import { listDrifted } from '@/lib/store/drift/list-drifted';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readDoneRuns } from '@/lib/store/runs/read-run-baselines';
import { watchedLoadBalancers } from '@/lib/worker/sync/background-sync';
import { testCutover } from '@/testing/components/test-run';
import {
  testAccount,
  testBound,
  testEstate,
  testListener,
  testLoadBalancer,
  testRule,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { testWrittenIds } from '@/testing/run/test-written-ids';
import { testContext } from '@/testing/server/test-context';
import { applyPlan } from './apply-plan';
import { commandRun } from './command-run';
import { getRun } from './get-run';
import { readSchedule } from './get-schedule';

/*
 * Plans across two accounts, by the verbs and a real database: names and servers are in `test`, the load balancer that
 * calls functions is in `other`. Runs are stored as workers store them.
 */

const context = testContext();

const inS = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const severalAccounts = { ...testSplit(), connections: ['other'] };
const lane = { loadBalancers: [testLoadBalancer('lb-cvm')], listeners: [testListener('lb-cvm')] };
const account = testAccount({ uin: '100000000002' });
const otherLane = {
  loadBalancers: [testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] })],
  listeners: [testListener('lb-scf')],
  rules: [],
  account,
};

/** The other account with all objects of a Split, including a zone of the same name. */
const asWhole = {
  loadBalancers: [...lane.loadBalancers, ...otherLane.loadBalancers],
  listeners: [...lane.listeners, ...otherLane.listeners],
  rules: testEstate().rules,
};

const readOwn = (readInS: number) =>
  context.connect('test', 'sandbox', testEstate({ takenAt: inS(readInS), ...lane, functions: [] }));
const readOther = (readInS: number, change: object = {}) =>
  context.connect('other', 'sandbox', testEstate({ takenAt: inS(readInS), ...otherLane, ...change }));

beforeEach(async () => {
  await context.clear();
  await readOwn(-120);
  await readOther(-120, { zones: [], records: [] });
});

/** Applies a plan. @returns its run, which no worker claims */
async function apply(planId: PlanId): Promise<RunId> {
  const hash = (await getPlan(planId))?.hash ?? '';
  const answer = await applyPlan({ planId, hash, typedDomain: null });
  invariant(answer.ok, `the plan is applied: ${JSON.stringify(answer)}`);
  return answer.value.runId;
}

/** Stores the events of a run that a worker executed so many seconds ago. */
async function carryOut(runId: RunId, agoS: number): Promise<void> {
  const stamp = { at: inS(-agoS), direction: 'apply' } as const;
  const steps = (await getRun(runId))?.plan.steps ?? [];
  const done = steps.flatMap((step): RunEvent[] =>
    step.kind === 'write'
      ? [
          {
            type: 'stepDone',
            stepId: step.id,
            outcome: 'applied',
            requestId: 'r',
            durationMs: 1,
            ...testWrittenIds(step),
            ...stamp,
          },
        ]
      : [],
  );
  const started: RunEvent = { type: 'started', actor: 'local', attempt: 1, ...stamp };
  await context.write(runId, started, ...done, { type: 'finished', result: 'done', ...stamp });
}

async function withoutKey<T>(id: string, ask: () => Promise<T>): Promise<T> {
  const set = (available: boolean) =>
    context.db.update(connections).set({ available }).where(eq(connections.id, id));
  await set(false);
  try {
    return await ask();
  } finally {
    await set(true);
  }
}

const noKey = {
  ok: false,
  error: { form: { message: 'plan.disconnected', values: { accounts: 'other (other)' } } },
};
const readDrift = async (id: string) => listDrifted((await findDrift(context.db, id))?.watched ?? []);

it('needs the keys of all its accounts to apply and to continue', async () => {
  const { id, hash, diversionId } = await context.plan(severalAccounts);
  expect(await withoutKey('other', () => applyPlan({ planId: id, hash, typedDomain: null }))).toMatchObject(
    noKey,
  );
  expect((await withoutKey('other', () => getPlan(id)))?.disconnected).toEqual(['other (other)']);
  expect((await withoutKey('other', () => getDiversion(diversionId)))?.disconnected).toEqual([
    'other (other)',
  ]);
  expect((await getPlan(id))?.disconnected).toEqual([]);
  const runId = await apply(id);
  const stamp = { at: inS(0), direction: 'apply' } as const;
  await context.write(
    runId,
    { type: 'started', actor: 'local', attempt: 1, ...stamp },
    { type: 'stopped', stepId: StepId.parse('s1'), reason: { kind: 'internal', message: 'x' }, ...stamp },
  );
  const retry = () => commandRun({ runId, command: 'continue', reason: '', typedDomain: null });
  expect(await withoutKey('other', retry)).toMatchObject(noKey);
  expect(await retry()).toMatchObject({ ok: true });
});

it('attributes writes of a later plan of the other account to that plan, and vice versa', async () => {
  const ruleWith = (functions: readonly object[]) => ({
    rules: [testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions })],
  });
  // A plan of the other account, which has a zone of the same name as well, binds the same function to the same rule.
  await readOther(-110, asWhole);
  const theirs = await context.plan(testSplit(), 'other');
  await carryOut(await apply(theirs.id), 100);
  await readOther(-95, { zones: [], records: [], ...ruleWith([]) });
  expect((await readDrift('other')).map(({ object }) => object.kind)).toContain('rule');

  const mine = await context.plan(severalAccounts);
  await carryOut(await apply(mine.id), 60);
  await readOwn(-50);
  await readOther(-50, { zones: [], records: [], ...ruleWith([{ ...testBound, qualifier: '2' }]) });
  expect(await readDrift('test')).toMatchObject([
    { object: { kind: 'rule', connectionId: 'other' }, by: { planId: mine.id } },
    { object: { kind: 'recordSet' } },
  ]);
  expect((await readDrift('other')).filter(({ object }) => object.kind === 'rule')).toEqual([]);
});

it('has each account check its own load balancers', async () => {
  await apply((await context.plan(severalAccounts)).id);
  const added = await addSwitch({
    connectionId: 'test',
    policy: defaultFailover,
    diversion: { ...testSwitch(), connections: ['other'] },
  });
  expect(added).toMatchObject({ ok: true });
  const own = testEstate({ ...lane, rules: [] });
  const theirs = testEstate({ ...otherLane });
  expect(await watchedLoadBalancers(context.db, 'test', own)).toEqual(['lb-cvm']);
  expect(await watchedLoadBalancers(context.db, 'other', theirs)).toEqual(['lb-scf']);
});

it('reads the rules again that a run has written, and trusts them by the time of their own account', async () => {
  const runId = await apply((await context.plan(severalAccounts)).id);
  await carryOut(runId, 60);
  const [run] = await readDoneRuns(context.db, [runId]);
  invariant(run !== undefined, 'the run is stored');
  const countBound = async () => {
    const estate = await newestEstate(context.db, 'test', ['other']);
    return estate?.rules.filter(({ functions }) => functions.length > 0).length;
  };
  const watched = (readInS: number) =>
    watchedLoadBalancers(context.db, 'other', testEstate({ ...otherLane, takenAt: inS(readInS) }));
  expect(await countBound()).toBe(1);
  expect(await watched(-120)).toEqual(['lb-scf']);
  // Its account was read after the write, when someone else had removed the rule; the other one was not.
  await readOther(-30, { zones: [], records: [] });
  expect(await countBound()).toBe(0);
  expect(await watched(-30)).toEqual([]);
});

it('adds no Switch to the board if its other account is missing', async () => {
  const diversion = { ...testSwitch(), connections: ['nowhere'] };
  expect(await addSwitch({ connectionId: 'test', policy: defaultFailover, diversion })).toMatchObject({
    ok: false,
    error: { fields: { connections: ['connections.gone'] } },
  });
});

/** Returns the other plans that a plan in preparation conflicts with. */
const othersOf = async (place: { readonly connectionId: string; readonly connections?: readonly string[] }) =>
  (await readConditions(context.db, { ...place, span: null, others: { kind: 'all', ownName: null } })).others;

it('is reported for every plan on one of its accounts, and vice versa', async () => {
  const { id } = await context.plan(severalAccounts);
  expect(await othersOf({ connectionId: 'other' })).toMatchObject([{ id, state: 'draft' }]);
  await context.clear();
  await readOwn(-120);
  await readOther(-110, asWhole);
  const theirs = await context.plan(testSplit(), 'other');
  expect(await othersOf({ connectionId: 'test' })).toEqual([]);
  const [listed] = await othersOf({ connectionId: 'test', connections: ['other'] });
  expect(listed).toMatchObject({ id: theirs.id, state: 'draft' });
  expect(listed?.objects.every((key) => key.startsWith('other:'))).toBe(true);
});

describe('two connections of one account', () => {
  const uins = async (own: string | null, twin: string | null) => {
    await context.db.update(connections).set({ uin: own }).where(eq(connections.id, 'test'));
    await context.db.update(connections).set({ uin: twin }).where(eq(connections.id, 'twin'));
  };
  const whole = { takenAt: inS(-60), ...asWhole, account: testAccount({ uin: '100000000001' }) };

  beforeEach(async () => {
    await context.clear();
    await context.connect('test', 'sandbox', testEstate(whole));
    await context.connect('twin', 'sandbox', testEstate(whole));
    await uins('100000000001', '100000000001');
    return () => uins(null, null);
  });

  const planOf = (connectionId: string) => context.plan(testSplit(), connectionId);

  it('never run on the same objects at once', async () => {
    const mine = await planOf('test');
    expect(await othersOf({ connectionId: 'twin' })).toMatchObject([{ id: mine.id, state: 'draft' }]);
    const theirs = await planOf('twin');
    const runId = await apply(mine.id);
    const attempt = () => applyPlan({ planId: theirs.id, hash: theirs.hash, typedDomain: null });
    expect(await attempt()).toMatchObject({
      error: { form: { message: 'run.overlap', values: { run: runId } } },
    });
    const [seen] = (
      await readConditions(context.db, { connectionId: 'twin', span: null, others: { kind: 'runs' } })
    ).others;
    expect(seen).toMatchObject({ id: runId, state: 'active' });
    const written = theirs.plan.steps.flatMap((step) =>
      step.kind === 'write' ? [objectKey(step.object)] : [],
    );
    expect(seen?.objects).toEqual(expect.arrayContaining(written));
    // Of different accounts, the same ids are different objects.
    await uins('100000000001', '100000000002');
    expect(await attempt()).toMatchObject({ ok: true });
  });

  it('hold a run until the other one has ended', async () => {
    const first = await apply((await planOf('test')).id);
    const stamp = { at: inS(0), direction: 'apply' } as const;
    await uins('100000000001', '100000000002');
    const second = await apply((await planOf('twin')).id);
    await uins('100000000001', '100000000001');
    await context.write(
      second,
      { type: 'started', actor: 'local', attempt: 1, ...stamp },
      { type: 'stopped', stepId: StepId.parse('s1'), reason: { kind: 'internal', message: 'x' }, ...stamp },
    );
    const retry = () => commandRun({ runId: second, command: 'continue', reason: '', typedDomain: null });
    expect(await retry()).toMatchObject({
      error: { form: { message: 'run.overlap', values: { run: first } } },
    });
    await carryOut(first, 10);
    expect(await retry()).toMatchObject({ ok: true });
  });

  it('show two cutovers of one time on the schedule as a conflict', async () => {
    const cutover = { ...testCutover, t0: inS(86_400), t1: null };
    const schedule = async (connectionId: string) => {
      const { id: planId, hash } = await planOf(connectionId);
      const answer = await applyPlan({ planId, hash, typedDomain: null, cutover });
      invariant(answer.ok, `it is scheduled: ${JSON.stringify(answer)}`);
      return answer.value.runId;
    };
    const first = await schedule('test');
    await uins('100000000001', '100000000002');
    const second = await schedule('twin');
    expect((await readSchedule()).conflicts).toEqual([]);
    await uins('100000000001', '100000000001');
    expect((await readSchedule()).conflicts).toMatchObject([
      { runIds: expect.arrayContaining([first, second]) },
    ]);
  });
});

it('does not treat two keys of one account as two accounts', async () => {
  const name = (uin: string | null) => context.db.update(connections).set({ uin });
  await name('100000000001');
  const answer = await createPlan({ connectionId: 'test', diversion: severalAccounts });
  await name(null);
  expect(answer).toMatchObject({
    ok: false,
    error: { fields: { connections: ['connections.sameAccount'] } },
  });
});
