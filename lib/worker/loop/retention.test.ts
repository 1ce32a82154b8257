import { fileURLToPath } from 'node:url';
import { asc, eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import {
  connections,
  diversions,
  plans,
  runAttempts,
  runEvents,
  runSamples,
  runs,
  runWatches,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { databaseRoles } from '@/lib/launch/postgres/database-passwords';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId, type StepId } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { applicationName } from '@/lib/run/durable/work';
import { runBaseline } from '@/lib/run/model/baseline-states';
import { foldRun, type RunAttempt } from '@/lib/run/model/fold-run';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { emptySummary } from '@/lib/run/model/run-watch';
import { loadRun, openRuns } from '@/lib/server/journal/load-run';
import { prepareDatabase } from '@/lib/server/operations/prepare-database';
import { createMeasures } from '@/lib/worker/connections/measures';
import { startTestDatabase } from '@/testing/db/test-database';
import { ofThisFile } from '@/testing/db/test-file-database';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
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
  for (const table of [runEvents, runAttempts, runs, plans, diversions, connections]) await db.delete(table);
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

const planned = planDiversion({
  estate: testEstate({ connectionId: 'c' }),
  diversion: testSplit(),
  keepAliveS: 75,
});
invariant(planned.ok, 'the test estate has everything that the Split names');
const plan = planned.value;

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
async function storeRun(at: string, isReverted: boolean): Promise<RunId> {
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
  const directions: readonly Direction[] = isReverted ? ['apply', 'revert'] : ['apply'];
  for (const [index, direction] of directions.entries()) {
    const attempt = index + 1;
    await db.insert(runAttempts).values({ runId, attempt, direction, actor: 'a' });
    const steps = direction === 'apply' ? plan.steps : plan.revert;
    const events: readonly RunEvent[] = [
      { type: 'started', actor: 'a', attempt, at, direction },
      ...steps.flatMap(({ id }) => eventsOfStep(id, at, direction)),
      { type: 'finished', result: direction === 'apply' ? 'done' : 'reverted', at, direction },
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
const prunedAt = async (runId: RunId) =>
  (await owner().select({ at: runs.prunedAt }).from(runs).where(eq(runs.id, runId)))[0]?.at;

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
    expect({ ...is, apply: [], revert: [], samples: [] }).toEqual({
      ...was,
      apply: [],
      revert: [],
      samples: [],
    });
    const result = ({ state, outcome, durationMs }: (typeof is.apply)[number]) => [
      state,
      outcome,
      durationMs,
    ];
    expect([...is.apply, ...is.revert].map(result)).toEqual([...was.apply, ...was.revert].map(result));
    expect(is.apply[0]?.requestIds).toContain(`q-${plan.steps[0]?.id}`);
    expect(await prunedAt(runId)).toEqual(expect.any(Date));
    // Runs whose details were removed are skipped.
    expect(await prune(30)).toEqual({ runs: 0, events: 0, work: 0 });
  });

  it('removes only measurements of a run that can still be rolled back', async () => {
    const runId = await storeRun(longAgo, false);
    const before = await record(runId);
    expect(await prune(30)).toMatchObject({ runs: 1 });
    const after = await record(runId);
    expect(after.events).toEqual(before.events.filter(({ type }) => type !== 'watched'));
    // The rest is removed once it has been rolled back, and that was long ago, too.
    const revert = { at: longAgo, direction: 'revert' } as const;
    await owner().insert(runAttempts).values({ runId, attempt: 2, direction: 'revert', actor: 'a' });
    expect(await prune(30)).toMatchObject({ runs: 0 });
    const events: readonly RunEvent[] = [
      { type: 'started', actor: 'a', attempt: 2, ...revert },
      { type: 'finished', result: 'reverted', ...revert },
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
    { type: 'held', stepId: null, reason: { kind: 'command', actor: 'a' }, ...on },
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
    expect(await prune(30)).toEqual({ runs: 0, events: 0, work: 0 });
    expect(await record(runId)).toEqual(before);
  });

  it('keeps everything of a run whose rollback has been requested and has not begun', async () => {
    const runId = await storeRun(longAgo, false);
    await owner().insert(runAttempts).values({ runId, attempt: 2, direction: 'revert', actor: 'a' });
    const before = await record(runId);
    expect(await prune(30)).toEqual({ runs: 0, events: 0, work: 0 });
    expect(await record(runId)).toEqual(before);
  });

  it('keeps everything of a run that ended within the retention time', async () => {
    const runId = await storeRun(recently(), true);
    const before = await record(runId);
    expect(await prune(2)).toEqual({ runs: 0, events: 0, work: 0 });
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
            { type: 'finished', result: 'reverted', ...event },
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
