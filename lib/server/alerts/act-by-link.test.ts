import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ActionLink, type LinkAction, signLink, verifyLink } from '@/lib/action-link';
import { type Alert, everything } from '@/lib/alerts/alert';
import { alertLinkUses, approvals, auditEntries, plans, runAttempts, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import type { Role } from '@/lib/policy/roles';
import { RunId } from '@/lib/run/model/run-id';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { makeLinks } from '@/lib/worker/alerts/make-links';
import { testKeys } from '@/testing/launch/test-keys';
import { testContext } from '@/testing/server/test-context';
import { testActor } from '@/testing/server/test-person';
import { actByAlertLink } from './act-by-link';
import { getAlertLink } from './get-link';

/* From the alert of a worker to the verb, by people with roles. No worker runs: what a verb stores is all that happens. */

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const person = (name: string, role: Role | null): Caller => ({
  actor: testActor(name, role),
  credential: role === null ? { via: 'none' } : { via: 'session', id: name },
  requestId: 'r',
  address: '127.0.0.1',
  cookie: null,
  userAgent: null,
});
const sari = person('sari@example.com', 'approver');
const budi = person('budi@example.com', 'operator');
const view = person('view@example.com', 'viewer');
const nobody = person('anonymous', null);
const use = (token: string, by: Caller, reason = '') => actAs(by, () => actByAlertLink({ token, reason }));
const look = (token: string, by: Caller) => actAs(by, () => getAlertLink(token));
const refused = (message: string) => ({ ok: false, error: { form: { message } } });

let deliveries = 0;
/** Makes the links of a new alert about a plan or a run, as a worker does. */
async function linksOf(event: Alert['event'], incident: string, createdAt = new Date()) {
  deliveries += 1;
  const alert: Alert = {
    event,
    incident,
    state: 's',
    title: 't',
    text: 'x',
    path: '/',
    at: createdAt.toISOString(),
    scope: everything,
    leadMinutes: null,
  };
  const deps = { db: context.db, baseUrl: 'https://spillway.example.com', linkKey: testKeys.links };
  const links = await makeLinks(alert, { id: deliveries, createdAt }, deps);
  return new Map<LinkAction, string>(
    links.map(({ action, url }) => [
      action,
      decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''),
    ]),
  );
}
function only(links: ReadonlyMap<LinkAction, string>, action: LinkAction): string {
  const token = links.get(action);
  invariant(token !== undefined, `there is a link to ${action}`);
  return token;
}
async function approvalLink(createdAt?: Date) {
  const plan = await context.plan();
  return { plan, token: only(await linksOf('approvalRequested', `plan ${plan.id}`, createdAt), 'approve') };
}
const approved = () => context.db.select({ name: approvals.name, hash: approvals.hash }).from(approvals);
const used = () => context.db.$count(alertLinkUses);

const at = () => ({ at: new Date().toISOString(), direction: 'apply' }) as const;
const startRun = (runId: RunId) =>
  context.write(runId, { ...at(), type: 'started', actor: 'sari', attempt: 1 });
const holdRun = (runId: RunId) =>
  context.write(runId, {
    ...at(),
    type: 'stopped',
    stepId: null,
    reason: { kind: 'internal', message: 'x' },
  });
async function storeStoppedRun() {
  const { id } = await context.plan();
  const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'sari' }).returning();
  const runId = RunId.parse(row?.id);
  const attempt = { runId, attempt: 1, direction: 'apply', actor: 'sari' } as const;
  await context.db.insert(runAttempts).values(attempt);
  await startRun(runId);
  await holdRun(runId);
  return runId;
}

describe('a link of an alert', () => {
  it('approves the plan in the name of the person who uses it, once', async () => {
    const { plan, token } = await approvalLink();
    expect(await look(token, view)).toMatchObject({
      action: 'approve',
      subject: plan.id,
      path: `/plans/${plan.id}`,
      hash: plan.hash,
      state: 'ready',
    });
    expect(await use(token, sari, 'Looks good')).toEqual({ ok: true, value: null });
    const [approval] = await context.db.select().from(approvals);
    expect(approval).toMatchObject({
      planId: plan.id,
      hash: plan.hash,
      actor: sari.actor.name,
      comment: 'Looks good',
    });
    // Replayed, by the same person and by another one.
    const other = person('intan@example.com', 'approver');
    for (const by of [sari, other]) expect(await use(token, by)).toMatchObject(refused('alertLink.used'));
    expect(await approved()).toHaveLength(1);
    expect(await look(token, sari)).toMatchObject({ state: 'used' });
    const entries = await context.db
      .select()
      .from(auditEntries)
      .where(eq(auditEntries.actor, sari.actor.name));
    expect(new Set(entries.map(({ operation }) => operation))).toEqual(
      new Set(['alertLink.use', 'plan.approve']),
    );
  });

  it('acts once, however many use it at the same time', async () => {
    const { token } = await approvalLink();
    const people = ['a', 'b', 'c', 'd'].map((name) => person(`${name}@example.com`, 'approver'));
    const answers = await Promise.all(people.map((by) => use(token, by)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await approved()).toHaveLength(1);
  });

  it('needs a sign-in and the right of its action, and is not used up without', async () => {
    const { token } = await approvalLink();
    await expect(look(token, nobody)).rejects.toThrow('alertLink.get is refused');
    expect(await use(token, nobody)).toMatchObject(refused('session.missing'));
    // An operator may not approve, and a viewer may neither approve nor command.
    for (const by of [budi, view]) expect(await use(token, by)).toMatchObject(refused('role.notPermitted'));
    const runId = await storeStoppedRun();
    const rollback = only(await linksOf('stopped', `run ${runId}`), 'rollback');
    for (const by of [view, sari])
      expect(await use(rollback, by)).toMatchObject(refused('role.notPermitted'));
    expect([await approved(), await used()]).toEqual([[], 0]);
    expect(await use(token, sari)).toMatchObject({ ok: true });
    expect(await use(rollback, budi)).toMatchObject({ ok: true });
  });

  it('changes nothing when it is opened, however often: mail programs open links, too', async () => {
    const { token } = await approvalLink();
    for (let time = 0; time < 3; time += 1) expect(await look(token, sari)).toMatchObject({ state: 'ready' });
    await expect(look(token, nobody)).rejects.toThrow();
    expect([await approved(), await used()]).toEqual([[], 0]);
    expect(await use(token, sari)).toMatchObject({ ok: true });
  });

  it('expires after a day', async () => {
    const { token } = await approvalLink(new Date(Date.now() - 24 * 3_600_000));
    expect(await look(token, sari)).toMatchObject({ state: 'expired' });
    expect(await use(token, sari)).toMatchObject(refused('alertLink.expired'));
    expect(await approved()).toEqual([]);
  });

  it('is refused if it was changed, or signed by another key', async () => {
    const { token } = await approvalLink();
    const link = verifyLink(testKeys.links, token);
    invariant(link !== null, 'it is genuine');
    const runId = await storeStoppedRun();
    const [payload, signature] = token.split('.');
    const forge = (change: Partial<ActionLink>, key = Buffer.alloc(32, 1).toString('base64')) =>
      signLink(key, { ...link, ...change });
    const forged = [
      forge({}),
      forge({ id: 'another' }),
      forge({ action: 'rollback', subject: runId, attempts: 1 }),
      `${forge({ expires: 9_999_999_999 }).split('.')[0]}.${signature}`,
      `${payload}.`,
      payload ?? '',
      `${token}.x`,
    ];
    for (const each of forged) {
      expect(await use(each, person('admin@example.com', 'administrator'))).toMatchObject(
        refused('alertLink.invalid'),
      );
      expect(await look(each, sari)).toBeNull();
    }
    expect([await approved(), await used()]).toEqual([[], 0]);
  });

  it('is bound to the plan as it was, and to the attempt of its run', async () => {
    const { plan, token } = await approvalLink();
    const hash = `${plan.hash.slice(0, -1)}${plan.hash.endsWith('0') ? '1' : '0'}`;
    await context.db.update(plans).set({ hash }).where(eq(plans.id, plan.id));
    expect(await look(token, sari)).toMatchObject({ state: 'changed' });
    expect(await use(token, sari)).toMatchObject(refused('alertLink.changed'));
    const runId = await storeStoppedRun();
    const rollback = only(await linksOf('stopped', `run ${runId}`), 'rollback');
    const second = { runId, attempt: 2, direction: 'apply', actor: 'sari' } as const;
    await context.db.insert(runAttempts).values(second);
    expect(await use(rollback, budi)).toMatchObject(refused('alertLink.changed'));
    expect([await approved(), await used()]).toEqual([[], 0]);
  });

  it('rolls back a stopped run by the command that its page has', async () => {
    const runId = await storeStoppedRun();
    const rollback = only(await linksOf('stopped', `run ${runId}`), 'rollback');
    expect(await use(rollback, budi, 'The shop is down')).toMatchObject({ ok: true });
    const attempts = await context.db.select().from(runAttempts).where(eq(runAttempts.runId, runId));
    expect(attempts.at(-1)).toMatchObject({
      direction: 'rollback',
      actor: budi.actor.name,
      reason: 'The shop is down',
    });
    expect(await look(rollback, budi)).toMatchObject({ state: 'used' });
    // A command that the state doesn't allow is refused by its verb, and the link stays.
    const done = await storeStoppedRun();
    const pause = only(await linksOf('runStarted', `run ${done}`), 'pause');
    expect(await use(pause, budi)).toMatchObject(refused('run.cannot.pause'));
    expect(await look(pause, budi)).toMatchObject({ state: 'ready' });
  });

  it('leaves the other links of its message: each works once', async () => {
    const plan = await context.plan();
    const applied = await applyPlan({ planId: plan.id, hash: plan.hash });
    invariant(applied.ok, 'the plan is applied');
    const { runId } = applied.value;
    await startRun(runId);
    const links = await linksOf('runStarted', `run ${runId}`);
    const [pause, rollback] = [only(links, 'pause'), only(links, 'rollback')];
    expect(await use(pause, budi)).toEqual({ ok: true, value: null });
    expect(await use(pause, budi)).toMatchObject(refused('alertLink.used'));
    await holdRun(runId);
    expect(await look(rollback, budi)).toMatchObject({ state: 'ready' });
    const people = ['a', 'b', 'c'].map((name) => person(`${name}@example.com`, 'operator'));
    const answers = await Promise.all(people.map((by) => use(rollback, by)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await look(rollback, budi)).toMatchObject({ state: 'used' });
    expect(await used()).toBe(2);
  });

  it('is given back if its action fails by an error, which changed nothing', async () => {
    const runId = await storeStoppedRun();
    const pause = only(await linksOf('runStarted', `run ${runId}`), 'pause');
    await context.write(runId, { ...at(), type: 'continued', actor: 'sari', reason: '', state: 'applying' });
    // No engine knows this run: its command can't be sent.
    await expect(use(pause, budi)).rejects.toThrow();
    expect(await look(pause, budi)).toMatchObject({ state: 'ready' });
  });

  it('is offered only where an alert can be decided on, and not without a key', async () => {
    const runId = await storeStoppedRun();
    const actions = async (event: Alert['event'], incident = `run ${runId}`) => [
      ...(await linksOf(event, incident)).keys(),
    ];
    expect(await actions('runStarted')).toEqual(['pause', 'rollback']);
    expect(await actions('guardBreach')).toEqual(['rollback']);
    expect(await actions('rolledBack')).toEqual([]);
    expect(await actions('failover', 'switch S-0001')).toEqual([]);
    expect(await actions('stopped', 'run R-9999')).toEqual([]);
    const alert = { event: 'stopped', incident: `run ${runId}` } as Alert;
    const deps = { db: context.db, baseUrl: '', linkKey: undefined };
    expect(await makeLinks(alert, { id: 1, createdAt: new Date() }, deps)).toEqual([]);
  });
});
