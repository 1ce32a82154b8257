import { fileURLToPath } from 'node:url';
import { asc, eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import {
  alertLinkUses,
  connections,
  deployments,
  diversions,
  diversionTraffic,
  functionChanges,
  plans,
  rateLeases,
  rehearsals,
  runAttempts,
  runEvents,
  runSamples,
  runs,
  runVantages,
  runWatches,
  testInvocations,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { databaseRoles } from '@/lib/launch/postgres/database-passwords';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId, type StepId } from '@/lib/plan/model/model';
import { applicationName } from '@/lib/run/durable/work';
import { runBaseline } from '@/lib/run/model/baseline-states';
import { foldRun, type RunAttempt } from '@/lib/run/model/fold-run';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { emptySummary } from '@/lib/run/model/run-watch';
import { prepareDatabase } from '@/lib/server/operations/prepare-database';
import { loadRun, openRuns } from '@/lib/store/runs/load-run';
import { createMeasures } from '@/lib/worker/connections/measures';
import { startTestDatabase } from '@/testing/db/test-database';
import { ofThisFile } from '@/testing/db/test-file-database';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate } from '@/testing/plan/test-estate';
import { histories, storeTestRun } from '@/testing/server/test-runs';
import { pruneEnded } from './retention';

/* Retention over a real Postgres, by the worker's own role. */

const started = ofThisFile(async () => {
  const database = await startTestDatabase();
  const migrations = fileURLToPath(new URL('../../db/migrations', import.meta.url));
  await prepareDatabase(database.url, migrations, databaseRoles);
  const worker = openDatabase(database.workerUrl, () => {});
  return {
    database,
    worker,
    async stop() {
      await worker.close();
      await database.stop();
    },
  };
});
const owner = () => started().database.db;
const prune = (days: number) =>
  pruneEnded({ database: started().worker, days, measures: createMeasures('test') });

beforeEach(async () => {
  const db = owner();
  for (const table of [rehearsals, deployments, testInvocations, alertLinkUses, runEvents, runAttempts])
    await db.delete(table);
  for (const table of [runs, plans, diversions, connections]) await db.delete(table);
  await db.execute(sql`delete from dbos.workflow_status`);
  for (const table of ['operation_outputs', 'workflow_input', 'workflow_output'])
    await db.execute(sql.raw(`delete from dbos.${table}`));
  await db.insert(connections).values({
    id: 'c',
    name: 'c',
    kind: 'sandbox',
    portOffset: 0,
    isolation: null,
    available: true,
  });
});

const longAgo = '2020-02-02T02:02:02.000Z';
const recently = () => new Date(Date.now() - 3_600_000).toISOString();

const plan = createTestPlan({ estate: testEstate({ connectionId: 'c' }) });

/** The full journal of a step that succeeded. */
function eventsOfStep(stepId: (typeof plan.steps)[number]['id'], at: string, direction: Direction) {
  const error = {
    code: 'InternalError',
    message: 'x',
    requestId: 'f',
    action: 'x',
    region: null,
    mayHaveHappened: false,
    advice: 'retry' as const,
  };
  const probes = [{ stepId, passed: true, latencyMs: 1, status: '200', failure: null }];
  const events: readonly RunEvent[] = [
    { type: 'intent', stepId, action: 'x', attempt: 1, at, direction },
    { type: 'callFailed', stepId, error, at, direction },
    { type: 'intent', stepId, action: 'x', attempt: 2, at, direction },
    { type: 'accepted', stepId, requestId: `q-${stepId}`, taskId: null, at, direction },
    { type: 'waiting', stepId, until: at, at, direction },
    { type: 'watched', sample: { at, measures: {}, probes }, at, direction },
    { type: 'stepDone', stepId, outcome: 'applied', requestId: null, durationMs: 7, at, direction },
  ];
  return events;
}

/** Stores a run of a whole plan that ended at this time: done, or rolled back as well. */
async function storeRun(at: string, isRolledBack: boolean): Promise<RunId> {
  const db = owner();
  const [stored] = await db
    .insert(plans)
    .values({ connectionId: 'c', plan, findings: [], hash: await planHash(plan), createdBy: 'a' })
    .returning();
  const [run] = await db
    .insert(runs)
    .values({ planId: PlanId.parse(stored?.id), createdBy: 'a' })
    .returning();
  const runId = RunId.parse(run?.id);
  const directions: readonly Direction[] = isRolledBack ? ['apply', 'rollback'] : ['apply'];
  for (const [index, direction] of directions.entries()) {
    const attempt = index + 1;
    await db.insert(runAttempts).values({ runId, attempt, direction, actor: 'a' });
    const steps = direction === 'apply' ? plan.steps : plan.rollback;
    const events: readonly RunEvent[] = [
      { type: 'started', actor: 'a', attempt, at, direction },
      ...steps.flatMap(({ id }) => eventsOfStep(id, at, direction)),
      { type: 'finished', result: direction === 'apply' ? 'done' : 'rolledBack', at, direction },
    ];
    await db.insert(runEvents).values(events.map((event) => ({ runId, event })));
  }
  return RunId.parse(runId);
}

const record = async (runId: RunId) => {
  const run = await loadRun(owner(), runId);
  invariant(run !== null, 'it was stored');
  return run;
};
/** The reason why each table does not grow without bound; a new table needs a line here. */
const growth: Readonly<Record<string, 'pruned' | 'one row per object' | 'record of a decision' | 'expires'>> =
  {
    accepted_drift: 'record of a decision',
    alert_acknowledgement: 'record of a decision',
    alert_channel: 'one row per object',
    // With the round of alerts.
    alert_delivery: 'pruned',
    alert_link_use: 'pruned',
    // Rows of earlier minutes are removed by the limiter.
    api_rate_limit: 'expires',
    api_request: 'expires',
    api_token: 'expires',
    app_user: 'one row per object',
    approval: 'record of a decision',
    former_person: 'one row per object',
    approval_comment: 'record of a decision',
    approval_policy: 'one row per object',
    approval_request: 'record of a decision',
    audit_entry: 'record of a decision',
    audit_head: 'one row per object',
    break_glass: 'record of a decision',
    calendar_feed: 'one row per object',
    change_freeze: 'one row per object',
    connection: 'one row per object',
    connection_keys: 'one row per object',
    connection_test: 'one row per object',
    deployment: 'pruned',
    diversion: 'record of a decision',
    diversion_traffic: 'pruned',
    emergency_stop: 'one row per object',
    emergency_stop_log: 'record of a decision',
    estate: 'one row per object',
    // With each sync.
    estate_change: 'pruned',
    estate_version: 'pruned',
    first_steps: 'one row per object',
    function_change: 'pruned',
    function_reading: 'pruned',
    general_setting: 'one row per object',
    occurrence: 'record of a decision',
    passkey: 'one row per object',
    passkey_challenge: 'expires',
    plan: 'record of a decision',
    plan_traffic: 'one row per object',
    policy: 'one row per object',
    rate_lease: 'pruned',
    recovery_code: 'one row per object',
    recurrence: 'one row per object',
    recurrence_change: 'record of a decision',
    rehearsal: 'pruned',
    run: 'record of a decision',
    run_attempt: 'record of a decision',
    run_event: 'pruned',
    run_sample: 'pruned',
    run_vantage: 'pruned',
    run_watch: 'one row per object',
    safety_rule: 'one row per object',
    sandbox_reset: 'record of a decision',
    sealing_key: 'one row per object',
    second_factor: 'one row per object',
    set_up_link: 'expires',
    shared_secret: 'one row per object',
    sign_in_attempt: 'expires',
    sso_logout: 'expires',
    sso_request: 'expires',
    switch: 'one row per object',
    sync: 'one row per object',
    test_invocation: 'pruned',
    traffic_history: 'pruned',
    user_account: 'one row per object',
    user_session: 'expires',
    // Nothing adds rows: better-auth needs the table.
    user_verification: 'expires',
    vantage_point: 'one row per object',
    // With the start of a worker.
    worker: 'expires',
  };
const prunedAt = async (runId: RunId) =>
  (await owner().select({ at: runs.prunedAt }).from(runs).where(eq(runs.id, runId)))[0]?.at;

it('removes leases on rate limits of keys that are no longer used', async () => {
  const lease = { holder: 'w1', budget: '', rank: null, permits: 0 };
  await owner()
    .insert(rateLeases)
    .values([
      { ...lease, account: 'replaced', until: new Date(longAgo) },
      { ...lease, account: 'used', until: new Date() },
    ]);
  await prune(90);
  expect(await owner().select({ account: rateLeases.account }).from(rateLeases)).toEqual([
    { account: 'used' },
  ]);
});

it('removes old rounds of probes, and keeps their summary', async () => {
  const runId = await storeRun(recently(), false);
  const sample = { at: longAgo, measures: {}, probes: [] };
  const [old, young] = [new Date(longAgo), new Date(recently())];
  await owner()
    .insert(runSamples)
    .values([old, young].map((at) => ({ runId, at, sample })));
  await owner().insert(runWatches).values({ runId, since: old, at: young, summary: emptySummary });
  await prune(90);
  expect(await owner().select({ at: runSamples.at }).from(runSamples)).toEqual([{ at: young }]);
  expect(await owner().select().from(runWatches)).toHaveLength(1);
});

describe('of other tables', () => {
  const [old, young] = [new Date(longAgo), new Date(recently())];
  const f = { connectionId: 'c', region: 'ap-singapore', namespace: 'default', name: 'f' };

  it('removes old rows and keeps young ones, unfinished work, and everything of open runs', async () => {
    const db = owner();
    const ended = await storeRun(longAgo, true);
    const open = await storeTestRun(db, [{ direction: 'apply', at: longAgo, starts: 1, later: [] }]);
    const readPlanId = async (runId: RunId) =>
      (await db.select({ id: runs.planId }).from(runs).where(eq(runs.id, runId)))[0]?.id ?? PlanId.parse('');
    const [endedPlan, openPlan] = [await readPlanId(ended), await readPlanId(open.id)];

    await db.insert(runSamples).values(
      [ended, open.id].map((runId) => ({
        runId,
        at: old,
        sample: { at: longAgo, measures: {}, probes: [] },
      })),
    );
    await db.insert(runVantages).values(
      [ended, open.id].map((runId) => ({
        runId,
        kind: 'agent' as const,
        name: 'a',
        at: old,
        dns: [],
        http: [],
      })),
    );
    const settings = {} as never;
    const input = { settings, cutover: null, guards: [], keepAliveS: 0 };
    const rehearsal = { hash: 'h', input, actor: 'a', createdAt: old };
    await db.insert(rehearsals).values([
      { ...rehearsal, id: 'H-1', planId: endedPlan, state: 'done', endedAt: old },
      { ...rehearsal, id: 'H-2', planId: endedPlan, state: 'running' },
      { ...rehearsal, id: 'H-3', planId: endedPlan, state: 'done', endedAt: young },
      { ...rehearsal, id: 'H-4', planId: openPlan, state: 'done', endedAt: old },
    ]);
    const spec = {} as never;
    await db.insert(deployments).values(
      (['done', 'running'] as const).map((state) => ({
        id: state,
        connectionId: 'c',
        spec,
        state,
        actor: 'a',
        createdAt: old,
      })),
    );
    await db.insert(functionChanges).values(
      (['failed', 'running'] as const).map((state) => ({
        ...f,
        id: state,
        change: {} as never,
        reason: 'r',
        state,
        actor: 'a',
        createdAt: old,
      })),
    );
    const tested = { ...f, qualifier: '1', event: {} as never, state: 'judged' as const, actor: 'a' };
    await db.insert(testInvocations).values([
      { ...tested, id: 'older', createdAt: old },
      { ...tested, id: 'newest', createdAt: new Date(old.getTime() + 1) },
      { ...tested, id: 'of another version', qualifier: '2', createdAt: old },
    ]);
    await db.insert(alertLinkUses).values([
      { id: 'old', actor: 'a', at: old },
      { id: 'young', actor: 'a', at: young },
    ]);

    const { rows } = await prune(90);
    expect(rows).toBe(7);
    const readIds = async (table: string, column = 'id') =>
      (await db.execute(sql.raw(`select ${column} as id from ${table} order by 1`))).rows.map(({ id }) => id);
    expect(await readIds('run_sample', 'run_id')).toEqual([open.id]);
    expect(await readIds('run_vantage', 'run_id')).toEqual([open.id]);
    expect(await readIds('rehearsal')).toEqual(['H-2', 'H-3', 'H-4']);
    expect(await readIds('deployment')).toEqual(['running']);
    expect(await readIds('function_change')).toEqual(['running']);
    expect(await readIds('test_invocation')).toEqual(['newest', 'of another version']);
    expect(await readIds('alert_link_use')).toEqual(['young']);
  });

  it('removes the measured traffic of a diversion that is over, and not that of one whose run is open', async () => {
    const db = owner();
    await storeTestRun(db, [{ direction: 'apply', at: longAgo, starts: 1, later: [] }]);
    const [running] = await db.select().from(diversions);
    invariant(running !== undefined, 'the run has a diversion');
    const { id: _, ...content } = running;
    const [over] = await db.insert(diversions).values(content).returning();
    invariant(over !== undefined, 'it was stored');
    for (const { id } of [running, over])
      await db.insert(diversionTraffic).values({ diversionId: id, at: old, points: [] });
    await prune(90);
    const left = await db.select({ id: diversionTraffic.diversionId }).from(diversionTraffic);
    expect(left).toEqual([{ id: running.id }]);
  });

  it('covers every table', async () => {
    const { rows } = await owner().execute<{ name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(growth).sort());
  });
});

describe('of a journal', () => {
  it('keeps what a page, drift and history read from a run that was rolled back long ago', async () => {
    const runId = await storeRun(longAgo, true);
    const before = await record(runId);
    const pruned = await prune(30);
    const after = await record(runId);
    expect(pruned).toMatchObject({ runs: 1, events: before.events.length - after.events.length });
    expect(new Set(after.events.map(({ type }) => type))).toEqual(
      new Set(['started', 'accepted', 'stepDone', 'finished']),
    );
    expect(runBaseline(after)).toEqual(runBaseline(before));
    const [was, is] = [foldRun(before), foldRun(after)];
    expect({ ...is, apply: [], rollback: [], samples: [] }).toEqual({
      ...was,
      apply: [],
      rollback: [],
      samples: [],
    });
    const result = ({ state, outcome, durationMs }: (typeof is.apply)[number]) => [
      state,
      outcome,
      durationMs,
    ];
    expect([...is.apply, ...is.rollback].map(result)).toEqual([...was.apply, ...was.rollback].map(result));
    expect(is.apply[0]?.requestIds).toContain(`q-${plan.steps[0]?.id}`);
    expect(await prunedAt(runId)).toEqual(expect.any(Date));
    // Runs whose details were removed are skipped.
    expect(await prune(30)).toEqual({ runs: 0, events: 0, rows: 0, work: 0 });
  });

  it('removes only measurements of a run that can still be rolled back', async () => {
    const runId = await storeRun(longAgo, false);
    const before = await record(runId);
    expect(await prune(30)).toMatchObject({ runs: 1 });
    const after = await record(runId);
    expect(after.events).toEqual(before.events.filter(({ type }) => type !== 'watched'));
    // The rest is removed once it has been rolled back, and that was long ago, too.
    const rollback = { at: longAgo, direction: 'rollback' } as const;
    await owner().insert(runAttempts).values({ runId, attempt: 2, direction: 'rollback', actor: 'a' });
    expect(await prune(30)).toMatchObject({ runs: 0 });
    const events: readonly RunEvent[] = [
      { type: 'started', actor: 'a', attempt: 2, ...rollback },
      { type: 'finished', result: 'rolledBack', ...rollback },
    ];
    await owner()
      .insert(runEvents)
      .values(events.map((event) => ({ runId, event })));
    await owner().execute(sql`update run set pruned_at = ${longAgo}::timestamptz - interval '1 day'`);
    expect(await prune(30)).toMatchObject({ runs: 1 });
    expect((await record(runId)).events.some(({ type }) => type === 'intent')).toBe(false);
  });

  const on = { at: longAgo, direction: 'apply' } as const;
  it.each<RunEvent>([
    { type: 'stopped', stepId: null, reason: { kind: 'internal', message: 'x' }, ...on },
    { type: 'gate', gate: 'T1', due: longAgo, ...on },
    { type: 'paused', actor: 'a', reason: '', ...on },
    { type: 'rollback', why: { kind: 'T1' }, ...on },
    { type: 'baked', stepId: 's1' as StepId, ...on },
  ])('keeps everything of a run that has been open for long: $type', async (last) => {
    const runId = await storeRun(longAgo, false);
    const lastId = sql`(select max(id) from run_event)`;
    await owner().execute(
      sql`update run_event set event = ${JSON.stringify(last)}::jsonb where id = ${lastId}`,
    );
    const before = await record(runId);
    expect(before.events.at(-1)).toEqual(last);
    expect(await prune(30)).toEqual({ runs: 0, events: 0, rows: 0, work: 0 });
    expect(await record(runId)).toEqual(before);
  });

  it('keeps everything of a run whose rollback has been requested and has not begun', async () => {
    const runId = await storeRun(longAgo, false);
    await owner().insert(runAttempts).values({ runId, attempt: 2, direction: 'rollback', actor: 'a' });
    const before = await record(runId);
    expect(await prune(30)).toEqual({ runs: 0, events: 0, rows: 0, work: 0 });
    expect(await record(runId)).toEqual(before);
  });

  it('keeps everything of a run that ended within the retention time', async () => {
    const runId = await storeRun(recently(), true);
    const before = await record(runId);
    expect(await prune(2)).toEqual({ runs: 0, events: 0, rows: 0, work: 0 });
    expect(await record(runId)).toEqual(before);
    expect(await prunedAt(runId)).toBeNull();
  });

  it('deletes everything due in batches', async () => {
    for (let nth = 0; nth < 51; nth += 1) {
      const event = { at: longAgo, direction: 'apply' } as const;
      const run = await storeTestRun(owner(), [
        {
          direction: 'apply',
          at: longAgo,
          starts: 1,
          later: [
            { type: 'command', id: 'm', command: 'pause', actor: 'a', reason: '', ...event },
            { type: 'finished', result: 'rolledBack', ...event },
          ],
        },
      ]);
      expect(run.events).toHaveLength(3);
    }
    expect(await prune(30)).toMatchObject({ runs: 51, events: 51 });
  });

  it('keeps open runs, and the state of every run, for any history', async () => {
    await fc.assert(
      fc.asyncProperty(histories(6), async (attempts) => {
        await owner().delete(runEvents);
        await owner().delete(runAttempts);
        await owner().delete(runs);
        const stored = [];
        for (const each of attempts) stored.push(await storeTestRun(owner(), each));
        const open = (await openRuns(owner())).map(({ id }) => id).sort();
        await prune(2);
        expect((await openRuns(owner())).map(({ id }) => id).sort()).toEqual(open);
        for (const before of stored) {
          const rows = await owner()
            .select({ event: runEvents.event })
            .from(runEvents)
            .where(eq(runEvents.runId, before.id))
            .orderBy(asc(runEvents.id));
          const after = { ...before, events: rows.map(({ event }) => event) };
          if (open.includes(before.id)) expect(after.events).toEqual(before.events);
          expect(foldRun(after).state).toBe(foldRun(before).state);
        }
      }),
      { numRuns: 40 },
    );
  });
});

it.each([
  ['the dashboard', () => started().database.webUrl, "now() - interval '400 days'", '42501'],
  ['the worker, of the last day', () => started().database.workerUrl, 'now()', 'P0001'],
])('is refused to %s', async (_, url, before, code) => {
  await storeRun(longAgo, true);
  const client = new pg.Client(url());
  await client.connect();
  try {
    await expect(client.query(`select prune_journal(${before}, 10)`)).rejects.toMatchObject({ code });
    await expect(client.query('delete from run_event')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.end();
  }
});

describe('of the engine’s records', () => {
  const work = async (id: string, name: string, status: string, at: string) => {
    const ms = Date.parse(at);
    await owner().execute(sql`
      insert into dbos.workflow_status (workflow_uuid, name, status, application_name, created_at, updated_at)
      values (${id}, ${name}, ${status}, ${applicationName}, ${ms}, ${ms})`);
    await owner().execute(sql`
      insert into dbos.operation_outputs (workflow_uuid, function_id, function_name) values (${id}, 0, 'x')`);
    await owner().execute(sql`insert into dbos.workflow_input (workflow_uuid, inputs) values (${id}, '{}')`);
    await owner().execute(sql`insert into dbos.workflow_output (workflow_uuid, output) values (${id}, '{}')`);
    await owner().execute(
      sql`insert into dbos.notifications (destination_uuid, message) values (${id}, 'm')`,
    );
  };

  it('deletes old ended work, and never that of an open run or unended work', async () => {
    const ended = await storeRun(longAgo, true);
    const open = await storeTestRun(owner(), [{ direction: 'apply', at: longAgo, starts: 1, later: [] }]);
    const attempts: readonly RunAttempt[] = open.attempts;
    expect(attempts).toHaveLength(1);
    await work(`${ended}.1`, 'run', 'SUCCESS', longAgo);
    await work('sync-1', 'sync', 'SUCCESS', longAgo);
    await work('sync-2', 'sync', 'ERROR', longAgo);
    const kept = [
      [`${open.id}.1`, 'run', 'SUCCESS', longAgo],
      [`${open.id}.2`, 'run', 'PENDING', longAgo],
      ['sync-3', 'sync', 'ENQUEUED', longAgo],
      ['sync-4', 'sync', 'PENDING', longAgo],
      ['sync-5', 'sync', 'SUCCESS', recently()],
    ] as const;
    for (const [id, name, status, at] of kept) await work(id, name, status, at);
    expect(await prune(2)).toMatchObject({ work: 3 });
    const ids = kept.map(([id]) => id).sort();
    for (const [table, column] of [
      ['workflow_status', 'workflow_uuid'],
      ['operation_outputs', 'workflow_uuid'],
      ['workflow_input', 'workflow_uuid'],
      ['workflow_output', 'workflow_uuid'],
      ['notifications', 'destination_uuid'],
    ] as const) {
      const { rows } = await owner().execute<{ id: string }>(
        sql.raw(`select ${column} as id from dbos.${table} order by 1`),
      );
      expect([table, rows.map(({ id }) => id).sort()]).toEqual([table, ids]);
    }
  });
});
