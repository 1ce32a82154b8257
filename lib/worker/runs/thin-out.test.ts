import { count, eq, isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plans, runAttempts, runEvents, runSamples, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId, type Step, StepId } from '@/lib/plan/model/model';
import { type ConvergencePoint, listConvergences } from '@/lib/run/model/convergence';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { readConvergence } from '@/lib/server/runs/get-convergence';
import { readTrafficPoints } from '@/lib/server/runs/get-run-charts';
import { loadRuns } from '@/lib/store/runs/load-run';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { connectTo } from '@/testing/cloud/connected-sandbox';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { rowsMax, thinOut } from './thin-out';

/* A run that holds for a day, on a real database: its rows are thinned out as its loops do it. */

const start = Date.UTC(2026, 11, 12);
const at = (s: number) => new Date(start + s * 1000).toISOString();
const hourS = 3600;
const holdS = 24 * hourS;
const kinds = ['sample', 'traffic', 'convergence'] as const;
let database: TestDatabase;
let runId: RunId;

function listEvents(steps: readonly Step[], direction: Direction, s: number): readonly RunEvent[] {
  const phase = direction === 'apply' ? 'divert' : 'rollback';
  const moves = steps.filter((step) => step.kind === 'write' && step.phase === phase);
  return moves.map(({ id: stepId }) => ({
    type: 'accepted',
    stepId,
    requestId: 'r',
    taskId: null,
    direction,
    at: at(s),
  }));
}

beforeAll(async () => {
  database = await startTestDatabase();
  const { db } = database;
  const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] });
  const plan = createTestPlan({ estate, diversion: testSwitch() });
  const announcement = {
    api: 'http://127.0.0.1:1',
    secretId: 'id',
    secretKey: 'key',
    dns: '127.0.0.1:1',
    portOffset: 0,
    vipNetwork: '127.77.0.0/16',
  };
  await storeConnections(db, [{ connection: connectTo({ announcement } as never), isolation: null }]);
  const stored = { connectionId: 'test', plan, findings: [], createdBy: 'test', hash: await planHash(plan) };
  const [row] = await db.insert(plans).values(stored).returning();
  const [run] = await db
    .insert(runs)
    .values({ planId: PlanId.parse(row?.id), createdBy: 'test' })
    .returning();
  runId = RunId.parse(run?.id);
  await db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'test' });
  const events: readonly RunEvent[] = [
    { type: 'started', actor: 'sari', attempt: 1, at: at(0), direction: 'apply' },
    ...listEvents(plan.steps, 'apply', 6),
    ...listEvents(plan.rollback, 'rollback', holdS),
  ];
  for (const event of events) await db.insert(runEvents).values({ runId, event });
});
afterAll(async () => database.stop());

/** Ten vantage points of which one more is current each half minute after a change. */
function countAt(s: number): ConvergencePoint {
  const current = Math.min(10, Math.floor((s < holdS ? s : s - holdS) / 30));
  return { at: at(s), current, stale: 10 - current, other: 0, silent: 0 };
}
const sample = { measures: {}, probes: [{ stepId: StepId.parse('s1'), passed: true, latencyMs: 5 }] };

/** Returns the rows of an hour: rounds and counts each 10 s, and traffic each minute. */
function listRows(fromS: number): readonly (typeof runSamples.$inferInsert)[] {
  return Array.from({ length: hourS / 10 }, (_, n) => fromS + n * 10).flatMap((s) => {
    const row = { runId, at: new Date(at(s)) };
    const probes = sample.probes.map((probe) => ({ ...probe, status: '200', failure: null }));
    const point = { at: at(s), cvm: 1, function: 9, errorRate: 0, lagMs: 0, functions: [] };
    return [
      { ...row, sample: { ...sample, probes, at: at(s) } },
      ...(s % 60 === 0 ? [{ ...row, traffic: point }] : []),
      { ...row, convergence: countAt(s) },
    ];
  });
}

it('keeps the times of convergence and the hours after T0 and a rollback, with a limited number of rows', async () => {
  const { db } = database;
  const [run] = await loadRuns(db, [runId]);
  invariant(run !== undefined, 'the run is stored');
  const view = () => readConvergence(db, run, { now: new Date(at(holdS)), isOn: true });
  const all: ConvergencePoint[] = [];
  for (let s = 0; s < holdS + 2 * hourS; s += hourS) {
    const rows = listRows(s);
    all.push(...rows.flatMap(({ convergence }) => convergence ?? []));
    await db.insert(runSamples).values([...rows]);
    for (const kind of kinds) await thinOut(db, run, kind);
    expect((await view()).reached).toEqual(listConvergences(run, all));
  }
  const times = { 50: 144_000, 90: 264_000, 99: 294_000, 100: 294_000 };
  expect(listConvergences(run, all)).toMatchObject([
    { direction: 'apply', reachedMs: times },
    { direction: 'rollback', reachedMs: { 50: 150_000, 90: 270_000, 99: 300_000, 100: 300_000 } },
  ]);
  for (const kind of kinds) {
    const own = await db
      .select({ at: runSamples.at })
      .from(runSamples)
      .where(isNotNull(runSamples[kind]))
      .orderBy(runSamples.id);
    expect(own.length).toBeLessThanOrEqual(rowsMax[kind].max);
    const stored = own.map((row) => row.at.getTime());
    expect([stored[0], stored.at(-1)]).toEqual([
      start,
      start + (holdS + 2 * hourS - (kind === 'traffic' ? 60 : 10)) * 1000,
    ]);
    expectDense(stored);
  }
  const { points } = await view();
  expectDense(points.map((point) => Date.parse(point.at)));
  expectDense((await readTrafficPoints(db, run)).map((point) => Date.parse(point.at)));
  const [total] = await db.select({ rows: count() }).from(runSamples).where(eq(runSamples.runId, runId));
  expect(total?.rows).toBeLessThanOrEqual(kinds.reduce((sum, kind) => sum + rowsMax[kind].max, 0));
});

/** Expects about a point a minute in the hours after T0 and the rollback. */
function expectDense(times: readonly number[]): void {
  for (const from of [start, start + holdS * 1000]) {
    const hour = times.filter((ms) => ms >= from && ms <= from + hourS * 1000);
    const gaps = hour.slice(1).map((ms, index) => ms - (hour[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(70_000);
    expect(hour.length).toBeGreaterThanOrEqual(50);
  }
}
