import { createHmac } from 'node:crypto';
import { eq, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { alertEvents, defaultAlertEvents } from '@/lib/alerts/alert';
import {
  alertChannels,
  alertDeliveries,
  emergencyStops,
  runAttempts,
  runs,
  runWatches,
  switches,
} from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { acknowledgeAlert } from '@/lib/server/alerts/acknowledge-alert';
import {
  addAlertChannel,
  changeAlertChannel,
  removeAlertChannel,
  testAlertChannel,
} from '@/lib/server/alerts/change-channels';
import { listAlertChannels } from '@/lib/server/alerts/list-channels';
import { requestApproval } from '@/lib/server/plans/change-requests';
import { readAlerts } from '@/lib/store/alerts/read-alerts';
import { createKeyRing } from '@/lib/worker/added-connections/key-ring';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { testKeys } from '@/testing/launch/test-keys';
import { testSplit, testSwitch } from '@/testing/plan/test-estate';
import { requireApprovals } from '@/testing/server/require-approvals';
import { applied, openDriftContext, read } from '@/testing/server/test-drift';
import { startAlertReceiver } from '@/testing/worker/alert-receiver';
import { alertRounds } from './watch-alerts';

/* From a journal to a receiver: on a real database, over HTTP. */

const context = openDriftContext();
const receiver = await startAlertReceiver();
afterAll(() => receiver.stop());
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
  receiver.received.length = 0;
  receiver.answer(() => ({ status: 200, body: '' }));
});

let skippedMs = 0;
/** Creates the rounds of a worker that has just started. */
function startWorker(key: string | undefined = testKeys.sealingKeys) {
  const errors = vi.fn();
  const createLoop = () => workLoop('alerts', { log: { warn: vi.fn(), debug: vi.fn() } });
  const loops = { searches: createLoop(), ends: createLoop(), channels: createLoop() };
  const round = alertRounds({
    loops,
    lease: {
      async whileFree(_lock, act) {
        await act();
        return true;
      },
    },
    db: context.db,
    keys: createKeyRing({ SPILLWAY_SEALING_KEYS: [key ?? ''] }),
    privateHosts: ['127.0.0.1'],
    baseUrl: 'https://spillway.example.com',
    linkKey: undefined,
    keptDays: 90,
    now: () => new Date(Date.now() + skippedMs),
    onError: errors,
  });
  const problems = () => Object.values(loops).flatMap((loop) => loop.problems());
  const act = async (failing: readonly string[] = []) => {
    await round();
    expect(errors).not.toHaveBeenCalled();
    expect(problems().map(({ object }) => object)).toEqual(failing);
  };
  return act;
}
beforeEach(() => {
  skippedMs = 0;
});

const channel = {
  name: 'On-call',
  kind: 'webhook',
  url: '',
  secret: null,
  events: defaultAlertEvents,
  connectionId: null,
} as const;
async function add(changes: object = {}) {
  const added = await addAlertChannel({
    ...channel,
    url: `${receiver.origin}/hooks/a-secret-path`,
    ...changes,
  });
  invariant(added.ok, `it is added: ${JSON.stringify(added)}`);
  return added.value;
}
const told = () => receiver.received.map(({ body }) => JSON.parse(body));
const log = async () => (await listAlertChannels()).deliveries;

const base = () => ({ at: new Date().toISOString(), direction: 'apply' }) as const;
const started = (): RunEvent => ({ ...base(), type: 'started', actor: 'sari', attempt: 1 });
const stopped = (): RunEvent => ({
  ...base(),
  type: 'stopped',
  stepId: null,
  reason: { kind: 'internal', message: 'x' },
});
async function storeRun(...events: readonly RunEvent[]): Promise<RunId> {
  const { id } = await context.plan();
  const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'sari' }).returning();
  const runId = RunId.parse(row?.id);
  await context.db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'sari' });
  await context.write(runId, ...events);
  return runId;
}

describe('alerts', () => {
  it('are sent once per channel, incident and state, signed, with a link', async () => {
    const { secret } = await add();
    const runId = await storeRun(started(), stopped());
    const round = startWorker();
    await round();
    await round();
    await startWorker()();
    expect(told()).toMatchObject([
      {
        event: 'stopped',
        severity: 'critical',
        incident: `run ${runId}`,
        text: 'Stopped: an internal error in Spillway stopped the run.',
        connectionIds: ['test'],
        link: `https://spillway.example.com/runs/${runId}`,
      },
    ]);
    const [request] = receiver.received;
    invariant(request !== undefined && secret !== null, 'it is a signed webhook');
    const signed = `${request.headers['webhook-id']}.${request.headers['webhook-timestamp']}.${request.body}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    expect(request.headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    // The next stop of the same run is another state of the same incident.
    await context.write(runId, stopped());
    await round();
    expect(told().map(({ incident }) => incident)).toEqual([`run ${runId}`, `run ${runId}`]);
    expect(told()[0].state).not.toBe(told()[1].state);
  });

  it('are only those that need a person, unless the channel wants more', async () => {
    await add({ name: 'Quiet' });
    const { id } = await add({ name: 'All', url: `${receiver.origin}/all`, events: alertEvents });
    const first = await storeRun(started());
    await context.write(first, { ...base(), type: 'finished', result: 'rolledBack' });
    await context.db.insert(emergencyStops).values({ actor: 'sari', reason: 'The shop is down' });
    await startWorker()();
    expect(receiver.received.map(({ url }) => url.pathname)).toEqual(['/all', '/all', '/all']);
    expect(told().map(({ event, text }) => [event, text])).toEqual([
      ['runStarted', `${first} has started.`],
      ['rolledBack', `${first} was rolled back.`],
      ['changesPaused', 'sari paused all changes: The shop is down'],
    ]);
    const change = { id, name: 'All', events: ['stopped'], connectionId: 'test', target: null } as const;
    expect(await changeAlertChannel(change)).toEqual({ ok: true, value: { secret: null } });
    await storeRun(started());
    await startWorker()();
    expect(receiver.received).toHaveLength(3);
  });

  it('tell of a requested approval and of a failed re-validation once', async () => {
    await add();
    await requireApprovals(context.db, 1);
    const plan = await context.plan();
    await context.plan(testSplit({ expectedBody: 'Nobody is asked about this one' }));
    const request = { planId: plan.id, hash: plan.hash, approvers: null, message: 'For the sale.' };
    expect(await requestApproval(request)).toMatchObject({ ok: true });
    const problem = { kind: 'notIntact', values: {} } as const;
    const runId = await storeRun(started(), { ...base(), type: 'checked', problems: [problem] });
    await context.write(runId, { ...base(), type: 'checked', problems: [problem] });
    await context.write(runId, { ...base(), type: 'checked', problems: [] });
    const round = startWorker();
    await round();
    await round();
    expect(told().map(({ event, text }) => [event, text])).toEqual([
      ['revalidationFailed', '1 check fails. The run would not start at T0.'],
      [
        'approvalRequested',
        `local asks everyone who may approve to approve ${plan.id}, which has 0 of 1 approvals. “For the sale.”`,
      ],
    ]);
  });

  it('tell of a run before its T0: of each lead time once, of the shortest if several have passed', async () => {
    const events = ['startsSoon'];
    await add({ events });
    await add({ name: 'Late', url: `${receiver.origin}/late`, events, leadMinutes: [5] });
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const wait = async (minutes: number) => {
      const runId = await storeRun();
      const t0 = inMinutes(minutes);
      const cutover: Cutover = {
        t0,
        prewarmS: 0,
        t1: null,
        zone: 'UTC',
        missedT0: { kind: 'skip' },
        guards: [],
      };
      await context.db.update(runs).set({ cutover }).where(eq(runs.id, runId));
      return runId;
    };
    const later = await wait(90);
    const soon = await wait(8);
    const isStopped = await wait(9);
    await context.write(isStopped, stopped());
    const round = startWorker();
    const told = async () => {
      await round();
      await round();
      return receiver.received
        .splice(0)
        .map(({ url, body }) => [url.pathname, JSON.parse(body).text.replace(/at .* UTC/, 'at T0')]);
    };
    expect(await told()).toEqual([['/hooks/a-secret-path', `${soon} moves traffic at T0, in 8 minutes.`]]);
    skippedMs = 4 * 60_000;
    expect(await told()).toEqual([['/late', `${soon} moves traffic at T0, in 4 minutes.`]]);
    skippedMs = 31 * 60_000;
    expect(await told()).toEqual([['/hooks/a-secret-path', `${later} moves traffic at T0, in 59 minutes.`]]);
    skippedMs = 81 * 60_000;
    expect(await told()).toEqual([['/hooks/a-secret-path', `${later} moves traffic at T0, in 9 minutes.`]]);
    skippedMs = 95 * 60_000;
    expect(await told()).toEqual([]);
  });

  it('tell of a run that has moved traffic before its T1, also while it is stopped, and not once it rolls back', async () => {
    await add({ events: ['endsSoon'] });
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const cutover: Cutover = {
      t0: inMinutes(-1),
      prewarmS: 0,
      t1: inMinutes(8),
      zone: 'UTC',
      missedT0: { kind: 'skip' },
      guards: [],
    };
    const passed = (): RunEvent => ({ ...base(), type: 'passed', gate: 'T0', latenessMs: 0 });
    const moved = await storeRun(started(), passed());
    const isStopped = await storeRun(started(), passed(), stopped());
    const waits = await storeRun(started());
    const back = await storeRun(started(), passed(), {
      type: 'rollback',
      why: { kind: 'T1' },
      at: inMinutes(0),
      direction: 'rollback',
    });
    await context.db
      .update(runs)
      .set({ cutover })
      .where(inArray(runs.id, [moved, isStopped, waits, back]));
    const round = startWorker();
    await round();
    await round();
    expect(told().map(({ event, text }) => [event, text.replace(/at .* UTC/, 'at T1')])).toEqual([
      ['endsSoon', `${moved} rolls back at T1, in 8 minutes.`],
      ['endsSoon', `${isStopped} rolls back at T1, in 8 minutes.`],
    ]);
  });

  it('go to the channels of their account, regions and domains', async () => {
    const limits = {
      match: {},
      region: { regions: ['ap-guangzhou'] },
      domain: { domains: ['*.example.org'] },
    };
    for (const [name, limit] of Object.entries(limits)) {
      const both = name === 'match' ? { regions: ['ap-singapore'], domains: ['*.EXAMPLE.co.id'] } : limit;
      await add({ name, url: `${receiver.origin}/${name}`, connectionId: 'test', ...both });
    }
    await storeRun(started(), stopped());
    await startWorker()();
    expect(receiver.received.map(({ url }) => url.pathname)).toEqual(['/match']);
    expect(told()).toMatchObject([
      { regions: ['ap-singapore'], domains: ['shop.example.co.id', 'flash.example.co.id'] },
    ]);
    // What concerns everything goes to all.
    for (const { id, name } of (await listAlertChannels()).channels)
      await changeAlertChannel({ id, name, events: ['changesPaused'], connectionId: null, ...limits.region });
    await context.db.insert(emergencyStops).values({ actor: 'sari', reason: 'The shop is down' });
    await startWorker()();
    expect(receiver.received).toHaveLength(4);
  });

  it('tell of drift once, to channels that want it', async () => {
    const { runId } = await applied();
    await read(-30, { ttlS: 300 });
    await add({ name: 'Other', url: `${receiver.origin}/other`, events: ['stopped'] });
    await add();
    const round = startWorker();
    await round();
    skippedMs = 60_000;
    await round();
    expect(told()).toMatchObject([{ event: 'drift', severity: 'warning', incident: `drift ${runId}` }]);
    expect(receiver.received.map(({ url }) => url.pathname)).toEqual(['/hooks/a-secret-path']);
  });

  it('of what happened before the channel existed, or of another account, are not sent', async () => {
    await storeRun(started(), stopped());
    await context.connect('other');
    await add();
    await add({ connectionId: 'other' });
    await startWorker()();
    expect(await log()).toEqual([]);
  });
});

describe('the end of an incident', () => {
  const resolved = () =>
    told()
      .filter(({ event }) => event === 'resolved')
      .map(({ incident, text }) => [incident, text]);
  const resumed = (): RunEvent => ({ ...base(), type: 'started', actor: 'budi', attempt: 2 });
  async function retry(runId: RunId) {
    await context.db.insert(runAttempts).values({ runId, attempt: 2, direction: 'apply', actor: 'budi' });
    await context.write(runId, resumed());
  }

  it('is told once, to the channels that were told of it, and not of an acknowledged hold', async () => {
    await add();
    await add({ name: 'Other', url: `${receiver.origin}/other`, events: ['drift'] });
    const runId = await storeRun(started(), stopped());
    const round = startWorker();
    await round();
    const [alert] = (await readAlerts(context.db)).open;
    invariant(alert !== undefined, 'the hold is an alert');
    await acknowledgeAlert({ subject: alert.subject, occurrence: alert.occurrence, reason: 'Seen.' });
    await round();
    expect(resolved()).toEqual([]);
    await retry(runId);
    await round();
    await round();
    await startWorker()();
    expect(resolved()).toEqual([[`run ${runId}`, 'The run continues.']]);
    expect(told().at(-1)).toMatchObject({
      severity: 'info',
      title: expect.stringMatching(/^Resolved: Run stopped: /),
      link: `https://spillway.example.com/runs/${runId}`,
      actions: [],
    });
    expect(receiver.received.map(({ url }) => url.pathname)).not.toContain('/other');
    // The next stop is an alert again, and so is its end.
    await context.write(runId, stopped());
    await round();
    await context.write(runId, { ...base(), type: 'closed', actor: 'sari' });
    await round();
    await round();
    expect(told().map(({ event }) => event)).toEqual(['stopped', 'resolved', 'stopped', 'resolved']);
  });

  it('is not told where another alert of the incident has said more, or the first one was never sent', async () => {
    await add({ events: ['stopped', 'rolledBack'] });
    const runId = await storeRun(started(), stopped());
    const round = startWorker();
    receiver.answer(() => ({ status: 500, body: '' }));
    await round();
    await retry(runId);
    await round();
    receiver.answer(() => ({ status: 200, body: '' }));
    receiver.received.length = 0;
    await context.write(runId, {
      type: 'finished',
      result: 'rolledBack',
      at: new Date().toISOString(),
      direction: 'rollback',
    });
    skippedMs = 600_000;
    await round();
    await round();
    expect(told().map(({ event }) => event)).toEqual(['stopped', 'rolledBack']);
  });

  it('is that of a pause, of drift and of a blocked failover, too', async () => {
    await add({ events: ['changesPaused', 'drift', 'failoverStuck'] });
    const { runId } = await applied();
    await read(-30, { ttlS: 300 });
    await context.db.insert(emergencyStops).values({ actor: 'sari', reason: 'The shop is down' });
    const stuck = {
      kind: 'receiverFails',
      stuckSince: new Date().toISOString(),
    } as unknown as typeof switches.$inferInsert.decision;
    const [row] = await context.db
      .insert(switches)
      .values({
        connectionId: 'test',
        diversion: testSwitch(),
        policy: {} as never,
        setBy: 'sari',
        state: 'enabled',
        rounds: [{ serving: 'cvm' }] as never,
        decision: stuck,
      } as typeof switches.$inferInsert)
      .returning({ id: switches.id });
    const round = startWorker();
    await round();
    expect(new Set(told().map(({ event }) => event))).toEqual(
      new Set(['changesPaused', 'drift', 'failoverStuck']),
    );
    await context.db.delete(emergencyStops);
    await read(-20);
    await context.db.update(switches).set({ decision: null });
    // Drift is read every 20 s: it has not ended because it was not read.
    skippedMs = 5000;
    await round();
    expect(new Set(resolved().map(([incident]) => incident))).toEqual(
      new Set(['pause', `switch ${row?.id}`]),
    );
    skippedMs = 60_000;
    await round();
    await round();
    expect(new Map(resolved() as [string, string][])).toEqual(
      new Map([
        ['pause', 'Changes are no longer paused.'],
        [`switch ${row?.id}`, 'The Switch is no longer blocked.'],
        [`drift ${runId}`, 'The objects match the baseline again, or the drift was accepted.'],
      ]),
    );
    expect(resolved()).toHaveLength(3);
  });

  it('is that of a breach after the end of a run', async () => {
    await add();
    const runId = await storeRun(started(), { ...base(), type: 'finished', result: 'done' });
    const at = new Date().toISOString();
    const breach = {
      at,
      breach: {
        guard: { measure: 'probeFailures', limit: 1, forS: 60, outcome: 'rollback' },
        value: 9,
        since: at,
      },
      overAt: null as string | null,
      failed: [],
    };
    const summary = { breaches: [breach] } as never;
    await context.db
      .insert(runWatches)
      .values({ runId, since: new Date(), at: new Date(), summary, breachAt: new Date() });
    const round = startWorker();
    await round();
    await round();
    expect(told().map(({ event }) => event)).toEqual(['guardBreach']);
    breach.overAt = new Date().toISOString();
    await context.db.update(runWatches).set({ summary }).where(eq(runWatches.runId, runId));
    await round();
    await round();
    expect(resolved()).toEqual([[`run ${runId}`, 'The measure is within the limit of the guard again.']]);
    await context.db.delete(runWatches);
  });
});

describe('a delivery', () => {
  it('is tried again with an increasing pause, by any worker, as the same message', async () => {
    const { id } = await add();
    await testAlertChannel({ id });
    receiver.answer(({ url }) => ({ status: 503, body: `can't serve ${url.pathname}` }));
    const round = startWorker();
    await round();
    await round();
    expect(receiver.received).toHaveLength(1);
    const [waiting] = await log();
    // The answer repeats the address, which is a credential.
    expect(waiting).toMatchObject({ delivery: 'waiting', attempts: 1, error: "status 503: can't serve …" });
    skippedMs = 60_000;
    await round();
    receiver.answer(() => ({ status: 200, body: '' }));
    skippedMs = 600_000;
    await startWorker()();
    expect(await log()).toMatchObject([{ delivery: 'sent', attempts: 3, error: null, nextAt: null }]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('fails for good after its last attempt, and the channel gets the next alert', async () => {
    const { id } = await add();
    await testAlertChannel({ id });
    receiver.answer(() => ({ status: 500, body: '' }));
    const round = startWorker();
    for (let time = 0; time < 14; time += 1) {
      await round();
      skippedMs += 1_800_001;
    }
    expect(await log()).toMatchObject([{ delivery: 'failed', attempts: 14, error: 'status 500' }]);
    await round();
    expect(receiver.received).toHaveLength(14);
    receiver.answer(() => ({ status: 200, body: '' }));
    await testAlertChannel({ id });
    await round();
    expect((await log()).map(({ delivery }) => delivery)).toEqual(['sent', 'failed']);
  });

  it('of a failing channel does not keep others from theirs', async () => {
    receiver.answer(({ url }) => ({ status: url.pathname === '/broken' ? 500 : 200, body: '' }));
    await add({ name: 'Broken', url: `${receiver.origin}/broken` });
    await add({ name: 'Whole' });
    await storeRun(started(), stopped());
    await startWorker()();
    const states = (await log()).map(({ channelName, delivery }) => [channelName, delivery]);
    expect(new Map(states.map(([name, state]) => [name, state]))).toEqual(
      new Map([
        ['Broken', 'waiting'],
        ['Whole', 'sent'],
      ]),
    );
  });

  it('is sent although another channel and another run can’t be read, which health shows', async () => {
    const { id } = await add({ name: 'Damaged' });
    await add({ name: 'Whole', leadMinutes: [10] });
    await storeRun(started(), stopped());
    const other = await storeRun(started());
    const { db } = context;
    await db.execute(sql`update alert_channel set lead_minutes = '"x"', regions = '5' where id = ${id}`);
    await db.execute(sql`update run set cutover = '{"t0": "no time"}' where id = ${other}`);
    await startWorker()(['the search for coming runs', `alert channel ${id}`]);
    const states = (await log()).map(({ channelName, delivery }) => [channelName, delivery]);
    expect(states).toEqual([['Whole', 'sent']]);
  });

  it('to a private address, or with another key, fails at once and says what to do', async () => {
    const { id } = await add({ url: 'https://localhost:1/hook' });
    await testAlertChannel({ id });
    await startWorker()();
    expect(await log()).toMatchObject([
      { delivery: 'failed', attempts: 1, error: expect.stringContaining('SPILLWAY_ALERT_PRIVATE_HOSTS') },
    ]);
    await removeAlertChannel({ id });
    const { id: next } = await add();
    await testAlertChannel({ id: next });
    await startWorker(Buffer.alloc(32, 9).toString('base64'))();
    expect(await log()).toMatchObject([
      { delivery: 'failed', error: expect.stringContaining('Enter the target of this channel again') },
    ]);
    expect(receiver.received).toEqual([]);
  });

  it('is removed from the log when it is old', async () => {
    const { id } = await add();
    await testAlertChannel({ id });
    const round = startWorker();
    await round();
    skippedMs = 91 * 86_400_000;
    await round();
    expect(await log()).toEqual([]);
  });
});

describe('a channel', () => {
  it('keeps its target sealed: neither the list nor the database shows it', async () => {
    const { id, secret } = await add();
    const stored = JSON.stringify(await context.db.select().from(alertChannels));
    const shown = JSON.stringify(await listAlertChannels());
    for (const text of [stored, shown]) {
      expect(text).not.toContain('a-secret-path');
      expect(text).not.toContain(secret);
    }
    expect(shown).not.toContain('sealed');
    expect((await listAlertChannels()).channels).toMatchObject([{ id, host: '127.0.0.1', kind: 'webhook' }]);
    const audited = await context.db.query.auditEntries.findMany();
    expect(JSON.stringify(audited)).not.toContain('a-secret-path');
  });

  it('needs https, an address without a user, an alert, and an account that exists', async () => {
    const wrong = async (changes: object) => {
      const added = await addAlertChannel({ ...channel, url: 'https://hooks.example.com/', ...changes });
      return added.ok ? null : added.error;
    };
    expect(await wrong({ url: 'http://hooks.example.com/' })).toMatchObject({
      fields: { url: ['alertChannel.https'] },
    });
    for (const url of ['hooks.example.com', 'ftp://hooks.example.com', 'https://me:pw@hooks.example.com'])
      expect(await wrong({ url })).toMatchObject({ fields: { url: ['alertChannel.url'] } });
    expect(await wrong({ events: [] })).toMatchObject({ fields: { events: ['alertChannel.events'] } });
    for (const regions of [['Jakarta!'], ['']])
      expect(await wrong({ regions })).toMatchObject({ fields: { regions: ['alertChannel.regions'] } });
    for (const domains of [['shop'], ['a b.com'], ['~^x']])
      expect(await wrong({ domains })).toMatchObject({ fields: { domains: ['alertChannel.domains'] } });
    for (const leadMinutes of [[0], [1.5], [1441], [1, 2, 3, 4, 5, 6]])
      expect(await wrong({ leadMinutes })).toMatchObject({
        fields: { leadMinutes: ['alertChannel.leadMinutes'] },
      });
    expect(await wrong({ connectionId: 'gone' })).toMatchObject({
      form: { message: 'alertChannel.noConnection' },
    });
  });

  it('gets another target, and a webhook another secret, without losing its log', async () => {
    const { id, secret } = await add();
    await testAlertChannel({ id });
    const round = startWorker();
    await round();
    const change = { id, name: 'On-call', events: defaultAlertEvents, connectionId: null };
    const target = { url: `${receiver.origin}/new`, secret: null, conversation: null, mail: null };
    const wrong = { ...target, url: 'http://hooks.example.com/' };
    expect(await changeAlertChannel({ ...change, target: wrong })).toMatchObject({
      error: { fields: { 'target.url': ['alertChannel.https'] } },
    });
    const changed = await changeAlertChannel({ ...change, target });
    invariant(changed.ok, 'it is changed');
    expect(changed.value.secret).toMatch(/^whsec_/);
    expect(changed.value.secret).not.toBe(secret);
    await testAlertChannel({ id });
    await round();
    expect(receiver.received.map(({ url }) => url.pathname)).toEqual(['/hooks/a-secret-path', '/new']);
    expect(await log()).toMatchObject([{ delivery: 'sent' }, { delivery: 'sent' }]);
  });

  it('of e-mail needs TLS, recipients, and a password with its user', async () => {
    const mail = { user: null, from: 'spillway@example.com', to: ['sari@example.com'] };
    const url = 'smtp://smtp.example.com:587';
    const wrong = async (changes: object) => {
      const added = await addAlertChannel({ ...channel, kind: 'email', url, mail, ...changes });
      return added.ok ? null : added.error.fields;
    };
    for (const other of [
      'https://smtp.example.com',
      'smtp://me:pw@smtp.example.com',
      'smtp://a.example.com/x',
    ])
      expect(await wrong({ url: other })).toEqual({ url: ['alertChannel.smtp'] });
    expect(await wrong({ url: `${url}?tls=off` })).toEqual({ url: ['alertChannel.startTls'] });
    expect(await wrong({ mail: null })).toEqual({ 'mail.to': ['alertChannel.to'] });
    for (const to of [[], ['no address'], ['a@example.com\r\nBcc: b@example.com'], ['A <a@example.com>']])
      expect(await wrong({ mail: { ...mail, to } })).toEqual({ 'mail.to': ['alertChannel.to'] });
    expect(await wrong({ mail: { ...mail, from: 'Eve <e@example.com>, f@example.com' } })).toEqual({
      'mail.from': ['alertChannel.from'],
    });
    expect(await wrong({ secret: 'a password' })).toEqual({ secret: ['alertChannel.password'] });
    expect(await wrong({ mail: { ...mail, user: 'me' } })).toEqual({ secret: ['alertChannel.password'] });
    expect(await wrong({})).toBeNull();
  });

  it('of a Slack bot changes one message for each incident', async () => {
    receiver.answer(() => ({
      status: 200,
      body: JSON.stringify({ ok: true, channel: 'C012345', ts: '1.1' }),
    }));
    const bot = {
      kind: 'slackBot',
      url: `${receiver.origin}/api/`,
      secret: 'xoxb-1',
      conversation: 'C012345',
    } as const;
    expect(await addAlertChannel({ ...channel, ...bot, conversation: '#shop' })).toMatchObject({
      error: { fields: { conversation: ['alertChannel.conversation'] } },
    });
    await add({ ...bot, events: alertEvents });
    const runId = await storeRun(started());
    const round = startWorker();
    await round();
    await context.write(runId, { ...base(), type: 'finished', result: 'rolledBack' });
    await round();
    expect(receiver.received.map(({ url }) => url.pathname)).toEqual([
      '/api/chat.postMessage',
      '/api/chat.update',
    ]);
    expect(await log()).toMatchObject([{ delivery: 'sent' }, { delivery: 'sent' }]);
  });

  it('is removed with its deliveries', async () => {
    const { id } = await add();
    await testAlertChannel({ id });
    expect(await removeAlertChannel({ id })).toEqual({ ok: true, value: null });
    expect(await context.db.select().from(alertDeliveries).where(eq(alertDeliveries.channelId, id))).toEqual(
      [],
    );
    const gone = { ok: false, error: { form: { message: 'alertChannel.gone' } } };
    expect(await removeAlertChannel({ id })).toMatchObject(gone);
    expect(await testAlertChannel({ id })).toMatchObject(gone);
    expect(
      await changeAlertChannel({ id, name: 'x', events: ['stopped'], connectionId: null, target: null }),
    ).toMatchObject(gone);
  });

  it('takes few test alerts before they are sent', async () => {
    const { id } = await add();
    for (let time = 0; time < 3; time += 1)
      expect(await testAlertChannel({ id })).toMatchObject({ ok: true });
    expect(await testAlertChannel({ id })).toMatchObject({
      error: { form: { message: 'alertChannel.testsWait' } },
    });
    await startWorker()();
    expect(told().map(({ event, title }) => [event, title])).toEqual(
      Array.from({ length: 3 }, () => ['test', 'Test alert: On-call']),
    );
  });
});
