import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { alertAcknowledgements, runAttempts, runEvents, runs, runWatches, switches } from '@/lib/db/schema';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { invariant } from '@/lib/invariant';
import type { KeptDecision } from '@/lib/run/model/failover';
import type { Breach, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { emptySummary } from '@/lib/run/model/run-watch';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getRail } from '@/lib/server/operations/get-rail';
import { getRun } from '@/lib/server/runs/get-run';
import { addSwitch } from '@/lib/server/switches/change-switches';
import { readAlerts } from '@/lib/store/alerts/read-alerts';
import { testEstate, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { acknowledgeAlert, reopenAlert } from './acknowledge-alert';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] }));
});

const at = (minute: number) => new Date(Date.UTC(2026, 11, 12, 0, minute)).toISOString();
const guard = { measure: 'errorRate', limit: 5, forS: 30, outcome: 'rollback' } as const;
const breach: Breach = { guard, value: 12, since: at(0) };
const started = (attempt = 1): RunEvent => ({
  type: 'started',
  actor: 'sari',
  attempt,
  at: at(0),
  direction: 'apply',
});
const stopped = (minute: number, reason: Extract<RunEvent, { type: 'stopped' }>['reason']): RunEvent => ({
  type: 'stopped',
  stepId: null,
  reason,
  at: at(minute),
  direction: 'apply',
});
const broken = { kind: 'internal', message: 'x' } as const;
const turned = (minute: number): RunEvent => ({
  type: 'rollback',
  why: { kind: 'guard', breach },
  at: at(minute),
  direction: 'rollback',
});
const finished = (result: 'done' | 'rolledBack'): RunEvent => ({
  type: 'finished',
  result,
  at: at(50),
  direction: result === 'done' ? 'apply' : 'rollback',
});
const closed: RunEvent = { type: 'closed', actor: 'sari', at: at(51), direction: 'apply' };

/** Stores a run with a journal. */
async function storeRun(...events: readonly RunEvent[]): Promise<RunId> {
  const { id } = await context.plan(testSwitch());
  const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'sari' }).returning();
  const runId = RunId.parse(row?.id);
  await beginAttempt(runId, 1);
  await context.write(runId, ...events);
  return runId;
}
const beginAttempt = (runId: RunId, attempt: number) =>
  context.db.insert(runAttempts).values({ runId, attempt, direction: 'apply', actor: 'sari' });

async function putFailedOver(lastRunId: RunId): Promise<string> {
  const added = await addSwitch({ connectionId: 'test', diversion: testSwitch(), policy: defaultFailover });
  invariant(added.ok, 'it is on the board');
  const id = added.value.switchId;
  await context.db.update(switches).set({ state: 'failedOver', lastRunId, movedAt: new Date(at(30)) });
  return id;
}

const read = () => readAlerts(context.db);
const openIds = async () => (await read()).open.map(({ subject }) => subject.id);

async function acknowledge(index = 0, reason = 'The owner knows') {
  const alert = (await read()).open[index];
  invariant(alert !== undefined, 'there is an open alert');
  return acknowledgeAlert({ subject: alert.subject, occurrence: alert.occurrence, reason });
}

describe('what needs a person', () => {
  it('is empty while runs continue, wait for an instant, are paused, or end as planned', async () => {
    await storeRun(started());
    await storeRun(started(), { type: 'gate', gate: 'T0', due: at(9), at: at(1), direction: 'apply' });
    await storeRun(started(), { type: 'paused', actor: 'sari', reason: '', at: at(1), direction: 'apply' });
    await storeRun(started(), finished('done'));
    await storeRun(
      started(),
      { type: 'rollback', why: { kind: 'T1' }, at: at(2), direction: 'rollback' },
      finished('rolledBack'),
    );
    expect(await read()).toEqual({
      open: [],
      runs: { open: 0, acknowledged: 0 },
      switches: { open: 0, acknowledged: 0 },
    });
  });

  it('includes each stopped run, breach, missed T0 and failover, newest first, with reason and time', async () => {
    const drifted = await storeRun(
      started(),
      stopped(1, {
        kind: 'drift',
        object: { kind: 'recordSet', zone: 'example.co.id', subdomain: 'flash', lineId: '0', line: '默认' },
        expected: { kind: 'recordSet', records: [] },
        found: { kind: 'recordSet', records: [] },
      }),
    );
    const guarded = await storeRun(started(), stopped(2, { kind: 'guard', breach }));
    const rollingBack = await storeRun(started(), turned(3));
    const rolledBack = await storeRun(started(), turned(4), finished('rolledBack'));
    const missed = await storeRun(started(), { type: 'missed', lateMs: 9, at: at(5), direction: 'apply' });
    const standing = await storeRun(
      started(),
      { type: 'rollback', why: { kind: 'missedT0', lateMs: 90_000 }, at: at(6), direction: 'rollback' },
      finished('rolledBack'),
    );
    const failover = await storeRun(started(), finished('done'));
    const board = await putFailedOver(failover);
    const { open, ...counts } = await read();
    expect(open.map(({ subject, since, reason }) => [subject.id, since, reason])).toEqual([
      [board, at(30), { kind: 'failedOver', toward: 'function', progress: 'moved' }],
      [standing, at(6), { kind: 'stoppedAfterT0', lateMs: 90_000 }],
      [missed, at(5), { kind: 'missedT0' }],
      [rolledBack, at(4), { kind: 'guardRolledBack', measure: 'errorRate', value: 12, limit: 5 }],
      [rollingBack, at(3), { kind: 'guardRolledBack', measure: 'errorRate', value: 12, limit: 5 }],
      [guarded, at(2), { kind: 'guardStopped', measure: 'errorRate', value: 12, limit: 5 }],
      [drifted, at(1), { kind: 'drift', object: 'flash.example.co.id' }],
    ]);
    expect(open.map(({ name }) => name)).toEqual([
      'flash.example.co.id',
      ...Array.from({ length: 6 }, () => testSwitch().name),
    ]);
    expect(counts).toEqual({
      runs: { open: 6, acknowledged: 0 },
      switches: { open: 1, acknowledged: 0 },
    });
    const own = open.map((alert) => ({ ...alert, mayAcknowledge: true }));
    expect((await getRail()).alerts).toEqual({ open: own, ...counts });
  });

  it('includes a guard that was breached after the end of a run, until that is acknowledged or the run rolled back', async () => {
    const runId = await storeRun(started(), finished('done'));
    const failed = [1, 2].map((n) => ({
      at: at(7),
      name: 'https://flash.example.co.id/',
      status: '502',
      failure: `no ${n}`,
      latencyMs: 5,
    }));
    const breaches = [{ at: at(7), breach, overAt: at(8), failed }];
    const summary = { ...emptySummary, breaches };
    const watch = { runId, since: new Date(at(6)), at: new Date(at(8)), summary };
    await context.db.insert(runWatches).values({ ...watch, breachAt: new Date(at(7)) });
    expect((await read()).open).toMatchObject([
      {
        subject: { kind: 'run', id: runId },
        since: at(7),
        reason: {
          kind: 'guardBreached',
          value: 12,
          limit: 5,
          failed: ['https://flash.example.co.id/'],
          state: { kind: 'over', at: at(8) },
        },
      },
    ]);
    expect(await acknowledge()).toEqual({ ok: true, value: null });
    expect(await read()).toMatchObject({ open: [], runs: { open: 0, acknowledged: 0 } });
    const activity = await getActivity((await getRun(runId))?.diversionId ?? '');
    expect(activity?.entries).toContainEqual({
      kind: 'breach',
      at: at(7),
      actor: null,
      runId,
      breach,
      failed,
    });
    expect(activity?.entries).toContainEqual(
      expect.objectContaining({ kind: 'acknowledged', runId, alert: 'breach' }),
    );
    // The next stop raises a new alert.
    const next = { ...summary, breaches: [...breaches, { at: at(9), breach, overAt: null, failed: [] }] };
    await context.db.update(runWatches).set({ summary: next, breachAt: new Date(at(9)) });

    await context.db.update(runWatches).set({ at: new Date() });
    expect((await read()).open).toMatchObject([
      { since: at(9), reason: { failed: [], state: { kind: 'open' } } },
    ]);
    // Probing ends some time after the run: the breach then no longer counts, rather than staying open.
    const last = new Date(Date.now() - 600_000);
    await context.db.update(runWatches).set({ at: last });
    expect((await read()).open).toMatchObject([
      { reason: { state: { kind: 'unmeasured', at: last.toISOString() } } },
    ]);
    await context.write(runId, turned(10), finished('rolledBack'));
    expect((await read()).open.map(({ reason }) => reason.kind)).toEqual(['guardRolledBack']);
  });

  it('includes the progress of a failover’s run', async () => {
    const runId = await storeRun(started());
    await putFailedOver(runId);
    const progress = async () =>
      (await read()).open.flatMap(({ reason }) => (reason.kind === 'failedOver' ? reason.progress : []));
    expect(await progress()).toEqual(['moving']);
    await context.write(runId, stopped(1, broken));
    expect(await progress()).toEqual(['stopped']);
    await context.write(runId, turned(2));
    expect(await progress()).toEqual(['rollingBack']);
    await context.write(runId, finished('rolledBack'));
    expect(await progress()).toEqual(['rolledBack']);
    await context.write(runId, closed);
    expect(await progress()).toEqual(['leftAsIs']);
  });

  it('includes a Switch whose serving side fails while failover can’t move traffic, until that side is healthy', async () => {
    const added = await addSwitch({
      connectionId: 'test',
      diversion: testSwitch(),
      policy: defaultFailover,
    });
    invariant(added.ok, 'it is on the board');
    const id = added.value.switchId;
    const answer = { passed: false, address: null, latencyMs: 1, failure: 'no answer' };
    const rounds = [{ at: at(3), serving: 'cvm', seen: [answer], receiving: answer }] as const;
    const set = (decision: KeptDecision) =>
      context.db.update(switches).set({ state: 'enabled', rounds, decision }).where(eq(switches.id, id));
    await set({ kind: 'unsure', failing: 1 });
    expect(await openIds()).toEqual([]);
    await set({ kind: 'receiverFails', stuckSince: at(3) });
    expect((await read()).open).toMatchObject([
      {
        subject: { kind: 'switch', id },
        name: 'flash.example.co.id',
        since: at(3),
        reason: { kind: 'failoverStuck', serving: 'cvm', why: 'receiverFails' },
      },
    ]);
    expect(await acknowledge()).toEqual({ ok: true, value: null });
    // The same outage, with another reason.
    await set({ kind: 'blocked', why: 'nothingToMove', values: {}, stuckSince: at(3) });
    expect(await read()).toMatchObject({ open: [], switches: { open: 0, acknowledged: 1 } });
    await set({ kind: 'healthy' });
    expect(await read()).toMatchObject({ open: [], switches: { open: 0, acknowledged: 0 } });
    await set({ kind: 'receiverFails', stuckSince: at(9) });
    expect(await openIds()).toEqual([id]);
  });

  it('is resolved when the run continues, ends or is closed, and the Switch is under manual control', async () => {
    const runId = await storeRun(started(), stopped(1, broken));
    const missed = await storeRun(started(), { type: 'missed', lateMs: 9, at: at(5), direction: 'apply' });
    const breached = await storeRun(started(), turned(3), stopped(4, broken));
    const id = await putFailedOver(runId);
    expect((await openIds()).toSorted()).toEqual([runId, missed, breached, id].toSorted());
    await beginAttempt(runId, 2);
    await context.write(runId, started(2));
    await context.write(missed, {
      type: 'continued',
      actor: 'sari',
      reason: '',
      state: 'applying',
      at: at(6),
      direction: 'apply',
    });
    await context.write(breached, closed);
    await context.db.update(switches).set({ state: 'disabled' }).where(eq(switches.id, id));
    expect(await openIds()).toEqual([]);
  });

  it('counts all, and lists the newest twenty', async () => {
    const ids: string[] = [];
    for (let minute = 0; minute < 22; minute += 1)
      ids.unshift(await storeRun(started(), stopped(minute, broken)));
    const { open, runs: count } = await read();
    expect(open.map(({ subject }) => subject.id)).toEqual(ids.slice(0, 20));
    expect(count).toEqual({ open: 22, acknowledged: 0 });
  });

  it('is read by the index of such events, without reading other runs', async () => {
    await storeRun(started(), finished('done'));
    await context.db.execute(sql`analyze run_event`);
    const { rows } = await context.db.transaction(async (tx) => {
      // PostgreSQL reads such a small table in full otherwise.
      await tx.execute(sql`set local enable_seqscan = off`);
      return tx.execute(sql`explain select run_id from run_event where (
        event->>'type' in ('stopped', 'missed')
        or (event->>'type' = 'rollback' and event->'why'->>'kind' in ('guard', 'missedT0')))`);
    });
    expect(JSON.stringify(rows)).toContain('run_event_alert');
  });
});

describe('an acknowledgement', () => {
  it('hides a stopped run, with actor and reason, and leaves a secondary count', async () => {
    const runId = await storeRun(started(), stopped(1, broken));
    expect(await acknowledge()).toEqual({ ok: true, value: null });
    expect(await read()).toMatchObject({ open: [], runs: { open: 0, acknowledged: 1 } });
    const stored = await context.db.select().from(alertAcknowledgements);
    expect(stored).toMatchObject([{ subject: runId, reason: 'The owner knows', actor: 'local' }]);
    expect(stored[0]?.at).toBeInstanceOf(Date);
  });

  it('is in the activity of its diversion, with actor, reason and subject', async () => {
    const runId = await storeRun(started(), stopped(1, broken));
    await acknowledge();
    const failover = await storeRun(started(), finished('done'));
    await putFailedOver(failover);
    await acknowledge(0, 'Watching it');
    const acknowledged = async (id: RunId) => {
      const run = await getRun(id);
      const activity = run && (await getActivity(run.diversionId));
      return activity?.entries.filter(({ kind }) => kind === 'acknowledged');
    };
    expect(await acknowledged(runId)).toMatchObject([
      { actor: 'local', reason: 'The owner knows', alert: 'stopped', runId },
    ]);
    expect(await acknowledged(failover)).toMatchObject([
      { actor: 'local', reason: 'Watching it', alert: 'failover', runId: failover },
    ]);
  });

  it('of a failover that can’t move traffic is in the activity of its Switch, which may be removed later', async () => {
    const { diversionId } = await context.plan(testSwitch());
    const added = await addSwitch({ connectionId: 'test', diversion: testSwitch(), policy: defaultFailover });
    invariant(added.ok, 'it is on the board');
    const decision = { kind: 'receiverFails', stuckSince: at(3) } as const;
    const stuck = (minute: number) => ({ ...decision, stuckSince: at(minute) });
    const acknowledgedReasons = async () =>
      (await getActivity(diversionId))?.entries.flatMap((entry) =>
        entry.kind === 'acknowledgedStuck' ? `${entry.actor}: ${entry.reason}` : [],
      );
    // It has not moved yet, so that it has no diversion.
    await context.db.update(switches).set({ state: 'enabled', decision: stuck(3) });
    await acknowledge(0, 'Both sides are down');
    expect(await acknowledgedReasons()).toEqual([]);
    await context.db.update(switches).set({ diversionId, decision: stuck(5) });
    await acknowledge(0, 'Down again');
    expect(await acknowledgedReasons()).toEqual(['local: Both sides are down', 'local: Down again']);
    await context.db.delete(switches);
    expect(await acknowledgedReasons()).toEqual(['local: Down again']);
  });

  it('permanently closes the alert of a guard’s rollback', async () => {
    await storeRun(started(), turned(4), finished('rolledBack'));
    await acknowledge();
    expect(await read()).toMatchObject({ open: [], runs: { open: 0, acknowledged: 0 } });
  });

  it('applies to one stop: the next one of the same run is a new alert', async () => {
    const runId = await storeRun(started(), stopped(1, broken));
    await acknowledge();
    await beginAttempt(runId, 2);
    await context.write(runId, started(2), stopped(7, broken));
    expect(await read()).toMatchObject({ open: [{ since: at(7) }], runs: { open: 1, acknowledged: 0 } });
  });

  it('applies to one failover: the next one of the same Switch is a new alert', async () => {
    const id = await putFailedOver(await storeRun(started(), finished('done')));
    await acknowledge();
    expect(await read()).toMatchObject({ open: [], switches: { open: 0, acknowledged: 1 } });
    const again = await storeRun(started(), finished('done'));
    await context.db.update(switches).set({ lastRunId: again });
    expect(await openIds()).toEqual([id]);
  });

  it('can be withdrawn: the alert is open again, and both stay in the activity log', async () => {
    const runId = await storeRun(started(), stopped(1, broken));
    const [alert] = (await read()).open;
    invariant(alert !== undefined, 'it is open');
    const { subject, occurrence } = alert;
    await acknowledge();
    expect(await reopenAlert({ subject, occurrence })).toEqual({ ok: true, value: null });
    expect(await openIds()).toEqual([runId]);
    expect(await reopenAlert({ subject, occurrence })).toMatchObject({
      ok: false,
      error: { form: { message: 'alert.notAcknowledged' } },
    });
    await acknowledge();
    expect(await openIds()).toEqual([]);
    expect(await context.db.$count(alertAcknowledgements)).toBe(2);
  });

  it('is refused without a reason, and for an alert that is resolved or acknowledged', async () => {
    const runId = await storeRun(started(), stopped(1, broken));
    expect(await acknowledge(0, ' ')).toMatchObject({
      ok: false,
      error: { fields: { reason: ['reason.missing'] } },
    });
    const [alert] = (await read()).open;
    invariant(alert !== undefined, 'it is open');
    const again = { subject: alert.subject, occurrence: alert.occurrence, reason: 'x' };
    await acknowledge();
    const gone = { ok: false, error: { form: { message: 'alert.gone', values: { id: runId } } } };
    expect(await acknowledgeAlert(again)).toMatchObject(gone);
    await context.db.delete(runEvents);
    expect(await acknowledgeAlert({ ...again, occurrence: '0' })).toMatchObject(gone);
  });
});
