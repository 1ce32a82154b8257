import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { plans, runAttempts, runEvents, runSamples, runs, runWatches } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import type { RunEvent, Sample } from '@/lib/run/model/model';
import { pointsMax } from '@/lib/run/model/run-charts';
import { getSettleS } from '@/lib/run/model/run-figures';
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

it('returns a limited number of points, including the rounds of guards, and loses no failure', async () => {
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
    // An older point of a Split does not have the requests that move.
    traffic: [{ ...traffic, moved: null }],
    shares: [
      { at: at(1), functionShare: null },
      { at: at(2), functionShare: 100 },
    ],
    marks: [
      { at: at(1), kind: 'apply' },
      { at: at(3540), kind: 'end' },
    ],
    summary: { rounds: 600 },
  });
});

it('preserves the sums and extremes of any rounds and measurements within the limit of points', async () => {
  const runId = await storeRun([]);
  const own = (await getRunCharts(runId))?.probes ?? [];
  const round = fc.record({
    probes: fc.array(fc.record({ passed: fc.boolean(), latencyMs: fc.nat(9000) }), { maxLength: 4 }),
    errorRate: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 700, size: 'max' }), async (rounds) => {
      await context.db.delete(runSamples);
      const rows = rounds.map(({ probes, errorRate }, n) => ({
        runId,
        at: new Date(at(n + 10)),
        sample: {
          ...sample(n + 10),
          probes: probes.map((each) => ({
            ...each,
            stepId: StepId.parse('s1'),
            status: null,
            failure: null,
          })),
        },
        traffic: { at: at(n + 10), cvm: n, function: 1, errorRate, lagMs: 0, functions: [] },
      }));
      await context.db.insert(runSamples).values(rows);
      const view = await getRunCharts(runId);
      invariant(view !== null, 'the run is stored');
      const { probes, traffic } = view;
      const all = rounds.flatMap((each) => each.probes);
      const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
      const highest = (numbers: readonly (number | null)[]) =>
        Math.max(-1, ...numbers.map((each) => each ?? -1));
      expect(Math.max(probes.length, traffic.length)).toBeLessThanOrEqual(pointsMax);
      expect(sum(probes.map(({ sent }) => sent))).toBe(all.length + sum(own.map(({ sent }) => sent)));
      expect(sum(probes.map(({ failed }) => failed))).toBe(all.filter(({ passed }) => !passed).length);
      const latencies = [...all.map(({ latencyMs }) => latencyMs), ...own.map(({ slowestMs }) => slowestMs)];
      expect(highest(probes.map(({ slowestMs }) => slowestMs))).toBe(highest(latencies));
      expect(highest(traffic.map(({ errorRate }) => errorRate))).toBe(
        highest(rounds.map(({ errorRate }) => errorRate)),
      );
      // Each point is one measurement, so that its figures are of the same minute.
      const isMeasured = ({ at: time, cvm, errorRate }: TrafficPoint) =>
        typeof cvm === 'number' && time === at(cvm + 10) && rounds[cvm]?.errorRate === errorRate;
      expect(traffic.every(isMeasured)).toBe(true);
      const times = traffic.map((each) => each.at);
      expect(times).toEqual(times.toSorted());
      expect(times.at(-1)).toBe(at(rounds.length + 9));
      expect(probes.at(-1)?.at).toBe(at(rounds.length + 9));
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

it('compares the share once DNS answers have expired and connections have closed', async () => {
  const runId = await storeRun([]);
  const [plan] = await context.db.select().from(plans);
  invariant(plan, 'the plan is stored');
  // The journal has the last write two seconds after the start.
  const settledS = 2 + 60 + getSettleS(plan.plan, 0);
  const measure = async (s: number) => {
    await context.db.delete(runSamples);
    const rates = { cvm: 0, function: 300, errorRate: 0 };
    const traffic = { at: at(s), ...rates, moved: rates, lagMs: 0, functions: [] };
    await context.db.insert(runSamples).values({ runId, at: new Date(at(s)), traffic });
    return (await getRunCharts(runId))?.split ?? null;
  };
  expect(await measure(settledS - 1)).toBeNull();
  expect(await measure(settledS)).toMatchObject({ share: 1, intended: 1 });
});

it('finds no run for another id', async () => {
  expect(await getRunCharts('R-9999')).toBeNull();
});
