import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  apiTokens,
  breakGlasses,
  formerPeople,
  recurrences,
  runAttempts,
  runs,
  switches,
  users,
} from '@/lib/db/schema';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { grantEverywhere } from '@/lib/policy/access';
import type { RunId } from '@/lib/run/model/run-id';
import { acknowledgeAlert } from '@/lib/server/alerts/acknowledge-alert';
import { createToken } from '@/lib/server/auth/change-tokens';
import { removeUser } from '@/lib/server/auth/change-users';
import { identifyToken } from '@/lib/server/auth/identify-token';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { setRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { addSwitch, disableFailover, enableFailover } from '@/lib/server/switches/change-switches';
import { readAlerts } from '@/lib/store/alerts/read-alerts';
import { readPlan } from '@/lib/store/plans/read-plan';
import { createOccurrences } from '@/lib/store/recurrences/create-occurrences';
import { loadRun } from '@/lib/store/runs/load-run';
import { storedValidator } from '@/lib/worker/runs/stored-validator';
import {
  testBound,
  testEstate,
  testRecord,
  testRule,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { testRule as testSeriesRule } from '@/testing/plan/test-recurrence';
import { requireApprovals } from '@/testing/server/require-approvals';
import { setSignIn, testCaller } from '@/testing/server/test-caller';
import { testContext } from '@/testing/server/test-context';
import { giveRole } from '@/testing/server/test-person';
import { applyPlan } from './apply-plan';
import { breakGlass } from './break-glass';
import { rescheduleRun } from './change-schedule';
import { commandRun } from './command-run';

/* What someone has whose address was that of an account that was removed. */

const context = testContext();
const budi = testCaller('budi@example.com', 'administrator');
/** The person with this address now. */
let sari: Caller;

beforeEach(async () => {
  await context.clear();
  for (const table of [apiTokens, users, formerPeople]) await context.db.delete(table);
  await giveRole(context.db, 'budi@example.com', 'administrator');
  sari = await give();
  await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString() }));
  setSignIn('on');
});
afterEach(() => setSignIn('off'));

/** Creates an account with the address. */
async function give(): Promise<Caller> {
  const caller = testCaller('sari@example.com', 'operator');
  const [id, now] = [randomUUID(), new Date()];
  await context.db.insert(users).values({
    id,
    name: 'Sari',
    email: 'sari@example.com',
    emailVerified: false,
    grants: grantEverywhere('operator'),
    createdAt: now,
    updatedAt: now,
  });
  return { ...caller, actor: { ...caller.actor, accountId: id } };
}

/** Removes the account and gives its address to another person, who may do the same. */
async function replace(): Promise<void> {
  expect(await actAs(budi, () => removeUser(sari.actor.accountId ?? ''))).toMatchObject({ ok: true });
  sari = await give();
}

const validate = async (runId: RunId) => {
  const run = await loadRun(context.db, runId);
  invariant(run !== null, 'the run is stored');
  return storedValidator({ db: context.db, sync: async () => {}, keepAliveS: 75 }, run).checkRights();
};
const refused = (message: string) => ({ ok: false, error: { form: { message } } });
const lost = [{ kind: 'authorLost', values: { actor: 'sari@example.com' } }];
const hour = 3_600_000;
const cutoverIn = (hours: number) => ({
  t0: new Date(Date.now() + hours * hour).toISOString(),
  prewarmS: 600,
  t1: new Date(Date.now() + (hours + 2) * hour).toISOString(),
  zone: 'UTC',
  missedT0: { kind: 'skip' } as const,
  guards: [],
});

/** Schedules a plan of Budi's. */
async function schedule(by: Caller): Promise<RunId> {
  const { id: planId, hash } = await actAs(budi, () => context.plan());
  const made = await actAs(by, () => applyPlan({ planId, hash, cutover: cutoverIn(2) }));
  invariant(made.ok, `it is scheduled: ${JSON.stringify(made)}`);
  return made.value.runId;
}

describe('a run that a removed account has scheduled', () => {
  it('is stopped although its address belongs to someone who may apply plans, until someone schedules it again', async () => {
    const runId = await schedule(sari);
    expect(await validate(runId)).toEqual([]);
    await replace();
    expect(await validate(runId)).toEqual(lost);
    const again = { runId, cutover: cutoverIn(3), reason: 'It is mine now.' };
    expect(await actAs(sari, () => rescheduleRun(again))).toMatchObject({ ok: true });
    expect(await validate(runId)).toEqual([]);
    await replace();
    expect(await validate(runId)).toEqual(lost);
  });

  it('is stopped likewise if a program with its token has scheduled it', async () => {
    const made = await actAs(sari, () => createToken({ name: 'CI', role: 'operator', days: 1 }));
    invariant(made.ok, 'the token is created');
    const request = { headers: {}, socket: { remoteAddress: '192.0.2.78' } };
    const found = await identifyToken(made.value.token, request as Parameters<typeof identifyToken>[1]);
    invariant(found.ok, 'the token is known');
    const runId = await schedule(found.value);
    expect(await validate(runId)).toEqual([]);
    await replace();
    expect(await validate(runId)).toEqual(lost);
  });

  it('is stopped likewise if the removed account has retried it', async () => {
    const runId = await schedule(budi);
    const at = new Date().toISOString();
    const base = { at, direction: 'apply' } as const;
    await context.write(
      runId,
      { ...base, type: 'started', actor: 'budi@example.com', attempt: 1 },
      {
        ...base,
        type: 'stopped',
        stepId: null,
        reason: { kind: 'internal', message: 'x' },
      },
    );
    const retry = { runId, command: 'continue', reason: 'Again.' } as const;
    expect(await actAs(sari, () => commandRun(retry))).toMatchObject({ ok: true });
    expect(await validate(runId)).toEqual([]);
    await replace();
    expect(await validate(runId)).toEqual(lost);
  });

  it('from before ids were stored goes by its address, and one of the user of this machine needs no account', async () => {
    const runId = await schedule(sari);
    await context.db.update(runAttempts).set({ accountId: null });
    await replace();
    expect(await validate(runId)).toEqual([]);
    await context.db.update(runAttempts).set({ actor: 'local' });
    expect(await validate(runId)).toEqual([]);
  });
});

it('a series whose rule a removed account has set runs nothing more, and its author approves no occurrence', async () => {
  await requireApprovals(context.db, 1);
  const { diversionId } = await actAs(budi, () => context.plan());
  const rule = testSeriesRule({ aheadDays: 3 });
  const set = { diversionId, rule, reason: 'each day', typedDomain: null };
  expect(await actAs(sari, () => setRecurrence(set))).toMatchObject({ ok: true });
  await createOccurrences(diversionId, new Date());
  const [run] = await context.db.select().from(runs);
  invariant(run !== undefined, 'an occurrence is scheduled');
  const planId = PlanId.parse(run.planId);
  const view = await readPlan(context.db, planId);
  await giveRole(context.db, 'intan@example.com', 'approver');
  const approve = (by: Caller) =>
    actAs(by, () => approvePlan({ planId, hash: view?.hash ?? '', name: 'x', comment: '' }));
  expect(view?.approvals.authors).toEqual(['budi@example.com', 'recurrence', 'sari@example.com']);
  const { actor, ...own } = testCaller('sari@example.com', 'administrator');
  const author = { ...own, actor: { ...actor, accountId: sari.actor.accountId } };
  expect(await approve(author)).toMatchObject(refused('approval.own'));
  expect(await approve(testCaller('intan@example.com', 'approver'))).toMatchObject({ ok: true });
  expect(await validate(run.id)).toEqual([]);
  await replace();
  expect(await validate(run.id)).toEqual(lost);
  expect(await context.db.select({ by: recurrences.setBy }).from(recurrences)).toEqual([
    { by: 'sari@example.com' },
  ]);
});

it('a failover that a removed account has enabled is not of the next one, which enables it again', async () => {
  const records = [testRecord(12, 'flash', '127.77.1.2')];
  const rules = [
    testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()] }),
    testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [testBound] }),
  ];
  const runId = await schedule(budi);
  await context.connect('other', 'sandbox', testEstate({ records, rules }));
  const added = await actAs(budi, () =>
    addSwitch({ connectionId: 'other', diversion: testSwitch(), policy: defaultFailover }),
  );
  invariant(added.ok, `it is added: ${JSON.stringify(added)}`);
  const { switchId } = added.value;
  const enable = () => actAs(sari, () => enableFailover({ switchId, policy: defaultFailover }));
  expect(await enable()).toMatchObject({ ok: true });
  await context.db.update(runAttempts).set({ actor: 'failover', accountId: null });
  await context.db.update(switches).set({ lastRunId: runId });
  expect(await validate(runId)).toEqual([]);
  await replace();
  expect(await validate(runId)).toEqual(lost);
  expect(await enable()).toMatchObject({ ok: true });
  expect(await validate(runId)).toEqual([]);
  await actAs(budi, () => disableFailover(switchId));
  expect(await context.db.select({ account: switches.setByAccount }).from(switches)).toEqual([
    { account: budi.actor.accountId },
  ]);
});

it('a mark of a removed account is void, and the next one may acknowledge its alert', async () => {
  await requireApprovals(context.db, 1);
  const { id: planId, hash } = await actAs(budi, () => context.plan());
  const done = await actAs(sari, () => breakGlass({ planId, hash, reason: 'The shop is down.' }));
  invariant(done.ok, `it is applied: ${JSON.stringify(done)}`);
  const isVoid = async () =>
    (await readPlan(context.db, PlanId.parse(planId)))?.approvals.count.breakGlass?.isVoid;
  expect(await isVoid()).toBe(false);
  const [alert] = (await readAlerts(context.db)).open;
  invariant(alert !== undefined, 'an alert is open');
  const { subject, occurrence } = alert;
  const acknowledge = () => actAs(sari, () => acknowledgeAlert({ subject, occurrence, reason: 'Seen.' }));
  expect(await acknowledge()).toMatchObject({
    ok: false,
    error: { form: { message: 'alert.ownBreakGlass' } },
  });
  await replace();
  expect(await isVoid()).toBe(true);
  expect(await validate(done.value.runId)).toMatchObject([...lost, { kind: 'unapproved' }]);
  expect(await acknowledge()).toMatchObject({ ok: true });
  expect(
    await context.db
      .select()
      .from(breakGlasses)
      .where(eq(breakGlasses.planId, PlanId.parse(planId))),
  ).toMatchObject([{ actor: 'sari@example.com' }]);
});
