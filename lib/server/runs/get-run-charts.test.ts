import { beforeEach, expect, it } from 'vitest';
import { plans, runAttempts, runEvents, runSamples, runs, runWatches } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import type { RunEvent, Sample } from '@/lib/run/model/model';
import { pointsMax } from '@/lib/run/model/run-charts';
import { RunId } from '@/lib/run/model/run-id';
import { emptySummary } from '@/lib/run/model/run-watch';
import { testEstate } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { getRunCharts } from './get-run-charts';

const context = testContext();
beforeEach(async () => {
  await context.clear();
  for (const table of [runSamples, runWatches, runEvents, runAttempts, runs, plans])
    await context.db.delete(table);
  await context.connect('test', 'sandbox', testEstate());
});

const started = Date.now() - 3_600_000;
const at = (s: number) => new Date(started + s * 1000).toISOString();
const sample = (s: number): Sample => ({
  at: at(s),
  measures: {},
  probes: [{ stepId: StepId.parse('s1'), passed: s !== 500, latencyMs: 5, status: '200', failure: null }],
});

/** Stores a run that has moved traffic and ended a minute ago, with these rounds of probes. */
async function storeRun(samples: readonly Sample[]): Promise<RunId> {
  const { id, plan } = await context.plan();
  const [row] = await context.db.insert(runs).values({ planId: id, createdBy: 'x' }).returning();
  const runId = RunId.parse(row?.id);
  await context.db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'x' });
  const stamp = (s: number) => ({ at: at(s), direction: 'apply' }) as const;
  const done = plan.steps.map(({ id: stepId }): RunEvent => {
    return { type: 'stepDone', stepId, outcome: 'applied', requestId: null, durationMs: 0, ...stamp(2) };
  });
  await context.write(
    runId,
    { type: 'started', actor: 'x', attempt: 1, ...stamp(1) },
    ...done,
    { type: 'watched', sample: sample(3), ...stamp(3) },
    { type: 'finished', result: 'done', ...stamp(3540) },
  );
  for (const each of samples)
    await context.db.insert(runSamples).values({ runId, at: new Date(each.at), sample: each });
  return runId;
}

it('sends a bounded number of points, with the rounds of guards among them, and loses no failure', async () => {
  const runId = await storeRun(Array.from({ length: 600 }, (_, n) => sample(n * 5 + 5)));
  const traffic = { at: at(9), cvm: 1, function: 3, errorRate: 0, lagMs: 0, functions: [] };
  await context.db.insert(runSamples).values({ runId, at: new Date(), traffic });
  const summary = { ...emptySummary, rounds: 600 };
  await context.db.insert(runWatches).values({ runId, since: new Date(), at: new Date(), summary });
  const view = await getRunCharts(runId);
  invariant(view !== null, 'the run is stored');
  expect(view.probes.length).toBeLessThanOrEqual(pointsMax);
  expect(view.probes.reduce((sum, { sent }) => sum + sent, 0)).toBe(601);
  expect(view.probes.reduce((sum, { failed }) => sum + failed, 0)).toBe(1);
  expect(view).toMatchObject({
    state: 'on',
    everyS: 10,
    afterS: 600,
    traffic: [traffic],
    shares: [
      { at: at(1), functionShare: 0 },
      { at: at(2), functionShare: 100 },
    ],
    marks: [
      { at: at(1), kind: 'apply' },
      { at: at(3540), kind: 'end' },
    ],
    summary: { rounds: 600 },
  });
});

it('knows no run of another id', async () => {
  expect(await getRunCharts('R-9999')).toBeNull();
});
