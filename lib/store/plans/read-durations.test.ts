import { beforeEach, expect, it } from 'vitest';
import type { PlanView } from '@/lib/contract/plan';
import { plans, runAttempts, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { testEstate } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { readDurations } from './read-durations';

const context = testContext();
const begin = Date.parse('2026-12-11T15:00:00.000Z');

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

/** Stores a run of a plan like this one, in which each write took the given time from its acceptance. */
async function storeRun(view: PlanView, direction: 'apply' | 'rollback', tookMs: Record<string, number>) {
  const { plan, hash } = view;
  const connectionId = view.connection.id;
  const stored = { connectionId, plan, findings: [], hash, createdBy: 'x' };
  const [row] = await context.db.insert(plans).values(stored).returning({ id: plans.id });
  invariant(row, 'an insert returns its row');
  const [run] = await context.db.insert(runs).values({ planId: row.id, createdBy: 'x' }).returning();
  invariant(run, 'an insert returns its row');
  await context.db.insert(runAttempts).values({ runId: run.id, attempt: 1, direction, actor: 'x' });
  const events = Object.entries(tookMs).flatMap(([stepId, ms], index): RunEvent[] => {
    const acceptedAt = begin + index * 60_000;
    const at = (epochMs: number) => ({ at: new Date(epochMs).toISOString(), direction });
    return [
      // An attempt without effect: the time counts from the last one.
      {
        type: 'accepted',
        stepId: StepId.parse(stepId),
        requestId: 'r-0',
        taskId: 't-0',
        ...at(acceptedAt - 50_000),
      },
      { type: 'accepted', stepId: StepId.parse(stepId), requestId: 'r-1', taskId: 't-1', ...at(acceptedAt) },
      {
        type: 'stepDone',
        stepId: StepId.parse(stepId),
        outcome: 'applied',
        requestId: 'r-1',
        durationMs: 59_000,
        ...at(acceptedAt + ms),
      },
    ];
  });
  await context.write(run.id, ...events);
}

const read = () => readDurations(context.db, 'test');

it('returns nothing without writes, or with too few', async () => {
  const view = await context.plan();
  expect(await read()).toEqual({});
  await storeRun(view, 'apply', { s1: 1000 });
  await storeRun(view, 'apply', { s1: 1000 });
  expect(await read()).toEqual({});
});

it('returns the median time of each action, in apply and rollback', async () => {
  const view = await context.plan();
  const [createRule, bind] = view.plan.steps;
  invariant(createRule?.id === 's1' && bind?.id === 's2', 'the plan begins with its rule');
  for (const ms of [3000, 4000, 90_000]) await storeRun(view, 'apply', { s1: ms, s2: ms * 2 });
  const deletes = view.plan.rollback.find((step) => step.kind === 'write' && step.undoes === 's1');
  for (const ms of [700, 800, 900]) await storeRun(view, 'rollback', { [deletes?.id ?? '']: ms });
  expect(await read()).toEqual({ CreateRule: 4000, RegisterFunctionTargets: 8000, DeleteRule: 800 });
});

it('excludes other accounts, and forecasts the next plan from the measurements', async () => {
  await context.connect('other');
  const view = await context.plan();
  for (const ms of [5000, 5000, 5000]) await storeRun(view, 'apply', { s1: ms });
  expect(await readDurations(context.db, 'other')).toEqual({});
  // Someone else has removed the rule again.
  await context.connect(
    'test',
    'sandbox',
    testEstate({ takenAt: new Date(begin + 3_600_000).toISOString() }),
  );
  const forecasts = (await context.plan()).plan.steps.map(({ forecastMs }) => forecastMs);
  expect(forecasts.slice(0, 2)).toEqual([5000, 2000]);
});
