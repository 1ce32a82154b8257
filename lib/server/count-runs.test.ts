import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { startTestDatabase, type TestDatabase } from '@/lib/db/test-database';
import { invariant } from '@/lib/invariant';
import { foldRun, type RunRecord } from '@/lib/run/fold-run';
import type { Direction, RunEvent } from '@/lib/run/model';
import { countRuns } from './count-runs';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  await database.db
    .insert(connections)
    .values({ id: 'c', name: 'c', kind: 'sandbox', portOffset: 0, available: true });
}, 60_000);
afterAll(() => database.stop());

const direction = fc.constantFrom<Direction>('apply', 'revert');
const at = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const heldReason = fc.constantFrom(
  { kind: 'asked', actor: 'x' } as const,
  { kind: 'internal', message: 'x' } as const,
);
/** What may follow the start of an attempt, in any order and number. */
const laterEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({
    ...{ type: fc.constant('intent' as const), stepId: fc.constant('s1' as never), at, direction },
    ...{ action: fc.constant('CreateRule'), attempt: fc.integer({ min: 1, max: 3 }) },
  }),
  fc.record({
    type: fc.constant('held' as const),
    stepId: fc.constant(null),
    reason: heldReason,
    at,
    direction,
  }),
  fc.record({
    ...{ type: fc.constant('finished' as const), at, direction },
    result: fc.constantFrom('done' as const, 'reverted' as const),
  }),
  fc.record({ type: fc.constant('closed' as const), actor: fc.constant('x'), at, direction }),
);
const attempt = fc.record({
  direction,
  at,
  starts: fc.constantFrom(0, 1, 1, 1, 2),
  later: fc.array(laterEvent, { maxLength: 4 }),
});
type Attempt = { direction: Direction; at: string; starts: number; later: readonly RunEvent[] };

function eventsOf(attempts: readonly Attempt[]): RunEvent[] {
  return attempts.flatMap(({ direction, at, starts, later }, index) => [
    ...Array.from({ length: starts }, () => ({
      ...({ type: 'started', actor: 'x', attempt: index + 1 } as const),
      at,
      direction,
    })),
    // Nothing is written before the start.
    ...(starts === 0 ? [] : later),
  ]);
}

const emptyPlan = { connectionId: 'c', diversion: { name: 'x' }, steps: [], revert: [] } as never;

async function store(attempts: readonly Attempt[]): Promise<RunRecord> {
  const { db } = database;
  const [plan] = await db
    .insert(plans)
    .values({ connectionId: 'c', plan: emptyPlan, findings: [], hash: 'x', createdBy: 'x' })
    .returning();
  invariant(plan, 'an insert returns its row');
  const [run] = await db.insert(runs).values({ planId: plan.id, createdBy: 'x' }).returning();
  invariant(run, 'an insert returns its row');
  const rows = attempts.map(({ direction }, index) => ({
    ...{ runId: run.id, attempt: index + 1, direction, actor: 'x', reason: '', requestedAt: new Date() },
  }));
  await db.insert(runAttempts).values(rows);
  const events = eventsOf(attempts);
  if (events.length > 0)
    await db.insert(runEvents).values(events.map((event) => ({ runId: run.id, event: { ...event } })));
  return {
    ...{
      id: run.id,
      planId: plan.id,
      plan: emptyPlan,
      planHash: 'x',
      cutover: null,
      connectionKind: 'sandbox',
      events,
    },
    attempts: rows.map((row) => ({ ...row, requestedAt: row.requestedAt.toISOString() })),
  };
}

/** How often each of them is there. */
function countOf<T>(all: readonly T[]): Map<T, number> {
  return new Map([...new Set(all)].map((one) => [one, all.filter((each) => each === one).length]));
}

it('counts runs as folding each of them does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(attempt, { minLength: 1, maxLength: 3 }), { maxLength: 25 }),
      async (all) => {
        for (const table of [runEvents, runAttempts, runs, plans]) await database.db.delete(table);
        const views = (await Promise.all(all.map(store))).map(foldRun);
        const counted = await countRuns(database.db);
        expect(counted.byState).toEqual(countOf(views.map(({ state }) => state)));
        const held = views.filter(({ state }) => state === 'held').flatMap((view) => view.held ?? []);
        expect(counted.heldBy).toEqual(countOf(held.map(({ reason }) => reason.kind)));
        const since = held.map((each) => Date.parse(each.at));
        expect(counted.heldSince?.getTime() ?? null).toBe(since.length === 0 ? null : Math.min(...since));
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
