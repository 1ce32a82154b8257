import fc from 'fast-check';
import type { Database } from '@/lib/db/database';
import { plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { Direction, RunEvent } from '@/lib/run/model/model';

/* Runs with random histories, stored as by workers. */

const direction = fc.constantFrom<Direction>('apply', 'rollback');
const at = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const stopReason = fc.constantFrom(
  { kind: 'invalid', problems: [] } as const,
  { kind: 'internal', message: 'x' } as const,
);
const away = {
  code: 'Http.502',
  message: 'x',
  requestId: null,
  region: null,
  action: 'DescribeTargets',
  mayHaveHappened: false,
  advice: 'retry' as const,
};
const gate = fc.constantFrom('prewarm' as const, 'T0' as const, 'T1' as const);
const said = { actor: fc.constant('x'), reason: fc.constant('') };
/** Events that may follow the start of an attempt, in any order and number. */
const laterEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({
    type: fc.constant('intent' as const),
    stepId: fc.constant('s1' as never),
    at,
    direction,
    action: fc.constant('CreateRule'),
    attempt: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    type: fc.constant('stopped' as const),
    stepId: fc.constant(null),
    reason: stopReason,
    at,
    direction,
  }),
  fc.record({
    type: fc.constant('finished' as const),
    at,
    direction,
    result: fc.constantFrom('done' as const, 'rolledBack' as const),
  }),
  fc.record({
    type: fc.constant('gate' as const),
    gate,
    due: at,
    at,
    direction,
  }),
  fc.record({
    type: fc.constant('passed' as const),
    gate,
    latenessMs: fc.nat(100),
    at,
    direction,
  }),
  fc.record({ type: fc.constant('paused' as const), ...said, at, direction }),
  fc.record({
    type: fc.constant('continued' as const),
    ...said,
    at,
    direction,
    state: fc.constantFrom('scheduled' as const, 'diverted' as const, 'applying' as const),
  }),
  fc.record({
    type: fc.constant('retrying' as const),
    stepId: fc.constant('s1' as never),
    at,
    direction,
    cause: fc.constant({ kind: 'cloudError', error: away } as const),
    since: at,
    everyMs: fc.constant(800),
  }),
  fc.record({
    type: fc.constant('recovered' as const),
    stepId: fc.constant('s1' as never),
    since: at,
    at,
    direction,
  }),
  fc.record({ type: fc.constant('closed' as const), actor: fc.constant('x'), at, direction }),
);
/** An attempt of a run: how often its start was written, and what followed. */
export type StoredAttempt = { direction: Direction; at: string; starts: number; later: readonly RunEvent[] };

const attempt: fc.Arbitrary<StoredAttempt> = fc.record({
  direction,
  at,
  starts: fc.constantFrom(0, 1, 1, 1, 2),
  later: fc.array(laterEvent, { maxLength: 4 }),
});

function buildEvents(attempts: readonly StoredAttempt[]): RunEvent[] {
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

const emptyPlan = { connectionId: 'c', diversion: { name: 'x' }, steps: [], rollback: [] } as never;

/** @returns the run as `loadRun` would read it. The connection `c` must exist. */
export async function storeTestRun(db: Database, attempts: readonly StoredAttempt[]): Promise<RunRecord> {
  const [plan] = await db
    .insert(plans)
    .values({ connectionId: 'c', plan: emptyPlan, findings: [], hash: 'x', createdBy: 'x' })
    .returning();
  invariant(plan, 'an insert returns its row');
  const [run] = await db.insert(runs).values({ planId: plan.id, createdBy: 'x' }).returning();
  invariant(run, 'an insert returns its row');
  const rows = attempts.map(({ direction }, index) => ({
    runId: run.id,
    attempt: index + 1,
    direction,
    actor: 'x',
    reason: '',
    requestedAt: new Date(),
  }));
  await db.insert(runAttempts).values(rows);
  const events = buildEvents(attempts);
  if (events.length > 0)
    await db.insert(runEvents).values(events.map((event) => ({ runId: run.id, event: { ...event } })));
  return {
    id: run.id,
    planId: plan.id,
    plan: emptyPlan,
    connectionKind: 'sandbox',
    events,
    cutover: null,
    guards: [],
    attempts: rows.map((row) => ({ ...row, requestedAt: row.requestedAt.toISOString() })),
  };
}

/** Generates up to the given number of runs, each with its attempts. */
export const histories = (maxLength: number) =>
  fc.array(fc.array(attempt, { minLength: 1, maxLength: 3 }), { maxLength });
