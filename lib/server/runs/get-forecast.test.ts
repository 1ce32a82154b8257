import { beforeEach, describe, expect, it } from 'vitest';
import {
  estateVersions,
  plans,
  planTraffic,
  rehearsals,
  runAttempts,
  runEvents,
  runSamples,
  runs,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { eventScenario } from '@/lib/plan/event-scenario';
import type { PlanId } from '@/lib/plan/model/model';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { RunId } from '@/lib/run/model/run-id';
import { testEstate, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { getRunForecast } from './get-forecast';

const context = testContext();
const estate = testEstate();
beforeEach(async () => {
  await context.clear();
  for (const table of [planTraffic, runSamples, runEvents, runAttempts, runs, plans])
    await context.db.delete(table);
  await context.connect('test', 'sandbox', estate);
  const takenAt = new Date(estate.takenAt);
  const version = { connectionId: 'test', number: 1, firstAt: takenAt, lastAt: takenAt };
  await context.db.insert(estateVersions).values(version);
});

const started = Date.now() - 1_800_000;
const at = (s: number) => new Date(started + s * 1000).toISOString();
const direction = 'apply';

type Stored = { readonly runId: RunId; readonly planId: PlanId };

/** Stores a run that moved its traffic half an hour ago. */
async function storeRun(diversion: object = testSplit(), isStarted = true): Promise<Stored> {
  const { id: planId, plan } = await context.plan(diversion);
  const [row] = await context.db.insert(runs).values({ planId, createdBy: 'x' }).returning();
  const runId = RunId.parse(row?.id);
  await context.db.insert(runAttempts).values({ runId, attempt: 1, direction, actor: 'x' });
  if (!isStarted) return { runId, planId };
  await context.write(
    runId,
    { type: 'started', actor: 'x', attempt: 1, at: at(0), direction },
    ...plan.steps.map(({ id: stepId }) => ({
      type: 'stepDone' as const,
      ...({
        stepId,
        outcome: 'applied' as const,
        requestId: null,
        durationMs: 0,
        at: at(1),
        direction,
      } as const),
    })),
  );
  return { runId, planId };
}
const [shop, flash] = ['shop.example.co.id', 'flash.example.co.id'];
async function measure(planId: PlanId, perSecond: number | null, domains = [flash]): Promise<void> {
  const place = { region: 'ap-singapore', loadBalancerId: 'lb-cvm', listenerId: 'lbl-lb-cvm', domains };
  const readings = [{ ...place, perSecond, lagMs: 0 }];
  await context.db
    .insert(planTraffic)
    .values({ planId, at: new Date(at(-3600)), readings: readings as never });
}
const point = (s: number, cvm: number, fn: number): TrafficPoint => ({
  at: at(s),
  cvm,
  function: fn,
  errorRate: 0,
  lagMs: 0,
  functions: [],
});
/** A point of a Split: as many requests again stay with CVM, and fail. */
const splitPoint = (s: number, cvm: number, fn: number): TrafficPoint => ({
  ...point(s, 2 * cvm + fn, fn),
  errorRate: 50,
  moved: { cvm, function: fn, errorRate: 0 },
});
async function store(runId: RunId, ...points: readonly TrafficPoint[]): Promise<void> {
  for (const traffic of points)
    await context.db.insert(runSamples).values({ runId, at: new Date(traffic.at), traffic });
}
async function read(runId: RunId) {
  const view = await getRunForecast(runId);
  invariant(view !== null, 'the run is stored');
  return view;
}

describe('the demand of a forecast', () => {
  it('is that of the newest rehearsal of the plan, with T0 where the run has it', async () => {
    const { runId, planId } = await storeRun();
    await measure(planId, 5);
    const [stored] = await context.db.select().from(plans);
    invariant(stored !== undefined, 'the plan is stored');
    const scenario = eventScenario(stored.plan, estate, null, { peakRps: 800 });
    invariant(scenario !== null, 'it moves to a function');
    for (const [hoursAgo, factor] of [
      [1, 1],
      [2, 3],
    ] as const)
      await context.db.insert(rehearsals).values({
        planId,
        hash: 'x',
        input: {
          settings: { scenario: { ...scenario, demand: { kind: 'constant', rps: 100 * factor } } },
          cutover: null,
          guards: [],
          keepAliveS: 75,
        } as never,
        state: 'done',
        actor: 'sari',
        createdAt: new Date(started - hoursAgo * 3_600_000),
      });
    const view = await read(runId);
    expect(view.source).toMatchObject({ kind: 'rehearsal', id: expect.stringMatching(/^H-/) });
    expect(view.points.map(({ cvm, function: fn }) => Math.round(cvm + fn))).toEqual(
      view.points.map(() => 100),
    );
    const after = view.points.filter((each) => Date.parse(each.at) > started + 600_000);
    expect(after.every(({ function: fn }) => fn > 90)).toBe(true);
    const before = view.points.filter((each) => Date.parse(each.at) < started);
    expect(before.length).toBeGreaterThan(0);
    expect(before.every(({ function: fn }) => fn < 1)).toBe(true);
  });

  it('is the expected peak of the diversion without a rehearsal', async () => {
    const { runId } = await storeRun({ ...testSplit(), expectedPeakRps: 640 });
    const view = await read(runId);
    expect(view.source).toEqual({ kind: 'expected', peakRps: 640 });
    expect(Math.max(...view.points.map(({ cvm, function: fn }) => cvm + fn))).toBeCloseTo(640, 0);
  });

  it('is the rate that was measured before T0 without a peak, else the first one after it', async () => {
    const { runId, planId } = await storeRun();
    expect(await read(runId)).toMatchObject({ source: null, missing: 'noDemand', points: [] });
    // Which of the requests move is unknown in the first of these.
    await store(runId, point(60, 10, 30), splitPoint(120, 10, 30));
    expect((await read(runId)).source).toEqual({ kind: 'first', rps: 40, at: at(120) });
    await measure(planId, 25);
    const view = await read(runId);
    expect(view.source).toEqual({ kind: 'before', rps: 25, at: at(-3600) });
    expect(view.points.every(({ cvm, function: fn }) => Math.abs(cvm + fn - 25) < 1e-6)).toBe(true);
  });

  it('is no rate that was measured with names or paths that stay', async () => {
    const { runId, planId } = await storeRun();
    await measure(planId, 25, [shop, flash]);
    expect((await read(runId)).missing).toBe('noDemand');
    const path = await storeRun(testSplit({ rule: { kind: 'new', url: '/promo' } }));
    await measure(path.planId, 25);
    expect((await read(path.runId)).missing).toBe('noDemand');
    const moved = await storeRun(testSwitch());
    await measure(moved.planId, 25, [shop, flash]);
    expect((await read(moved.runId)).source).toMatchObject({ kind: 'before', rps: 25 });
  });
});

it('says where the measured requests differ from it', async () => {
  const { runId, planId } = await storeRun();
  await measure(planId, 100);
  await store(runId, splitPoint(900, 0, 100), splitPoint(960, 0, 131), splitPoint(1020, 0, 99));
  expect((await read(runId)).deviations).toEqual([
    expect.objectContaining({ figure: 'requests', at: at(960), measured: 131, isNow: false }),
  ]);
});

it('compares the share and the errors of a Split only where the requests that move are known', async () => {
  const points = [{ ...point(900, 83, 17), errorRate: 9 }];
  const split = await storeRun();
  await measure(split.planId, 100);
  await store(split.runId, ...points);
  expect((await read(split.runId)).deviations).toEqual([]);
  const known = await storeRun();
  await measure(known.planId, 100);
  await store(known.runId, { ...point(900, 500, 17), moved: { cvm: 83, function: 17, errorRate: 9 } });
  expect((await read(known.runId)).deviations.map(({ figure }) => figure)).toEqual(['share', 'errors']);
  const moved = await storeRun(testSwitch());
  await measure(moved.planId, 100);
  await store(moved.runId, ...points);
  expect((await read(moved.runId)).deviations.map(({ figure }) => figure)).toEqual(['share', 'errors']);
});

it('is none before the run starts, and none once the snapshot of the plan is gone', async () => {
  const waiting = await storeRun(testSplit(), false);
  expect(await read(waiting.runId)).toMatchObject({ source: null, missing: 'notStarted' });
  expect(await getRunForecast(RunId.parse('R-99999'))).toBeNull();
  const { runId, planId } = await storeRun();
  await measure(planId, 100);
  await context.db.delete(estateVersions);
  expect(await read(runId)).toMatchObject({ source: null, missing: 'noSnapshot' });
});
