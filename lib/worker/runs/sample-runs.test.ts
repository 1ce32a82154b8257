import { asc, eq, ne } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProber } from '@/lib/cloud/probe/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { plans, runAttempts, runEvents, runSamples, runs, runWatches } from '@/lib/db/schema';
import type { Guard } from '@/lib/diversion/cutover';
import type { Prober } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { memory, startWorkerFixture, type WorkerFixture } from '@/testing/worker/test-worker-fixture';
import { createMeasures } from '../connections/measures';
import { runPlan } from './run-plan';
import { type SampleRunsDeps, sampleRounds } from './sample-runs';
import { rowsMax } from './thin-out';

/* Probe rounds on a real database and the real sandbox, whose load balancers and functions respond. */

let fixture: WorkerFixture;
let prober: Prober;
let runId: RunId;
/** The journal of an ended run of the fixture's Split. */
let journal: readonly RunEvent[];
const log = { warn: vi.fn(), info: vi.fn(), debug: vi.fn(), error: vi.fn() };

beforeAll(async () => {
  fixture = await startWorkerFixture('127.147.0.0/16');
  const cloud = createTencentCloud(fixture.connection, { now: () => new Date(), log });
  prober = createProber(fixture.connection, cloud);
  runId = await fixture.storeRun();
  const run = runPlan({
    db: fixture.database.db,
    cloudOf: () => cloud,
    proberOf: () => prober,
    faultPoint: async () => {},
    log: pino({ level: 'silent' }),
    measures: createMeasures('test'),
    sync: async () => {},
    keepAliveS: 0,
    probeEveryS: 10,
  });
  await run({ runId, attempt: 1 }, { inbox: { take: async () => null }, once: memory() });
  journal = (await fixture.recordOf(runId)).events;
});
afterAll(() => fixture.stop());

const db = () => fixture.database.db;
beforeEach(async () => {
  await db().delete(runSamples);
  await db().delete(runWatches);
  log.warn.mockReset();
});

/** Replaces the end of the journal by these events. */
async function setJournal(...last: readonly RunEvent[]): Promise<void> {
  await db().delete(runEvents);
  const before = journal.filter(({ type }) => type !== 'finished');
  for (const event of [...before, ...last]) await db().insert(runEvents).values({ runId, event });
}

let now = Date.now();
const at = () => new Date(now).toISOString();
const end = (): RunEvent => ({ type: 'finished', result: 'done', at: at(), direction: 'apply' });

function deps(change: Partial<SampleRunsDeps> = {}): SampleRunsDeps {
  const time = () => new Date(now);
  return {
    db: db(),
    lease: {
      whileFree: async (_lock, act) => {
        await act();
        return true;
      },
    },
    cloudOf: () => createTencentCloud(fixture.connection, { now: () => new Date(), log }),
    proberOf: () => prober,
    has: () => true,
    everyS: 10,
    afterS: 600,
    keepAliveS: 75,
    now: time,
    loop: workLoop('probes', { log, now: time }),
    log,
    ...change,
  };
}
const readSamples = async () =>
  (
    await db().select().from(runSamples).where(eq(runSamples.runId, runId)).orderBy(asc(runSamples.id))
  ).flatMap(({ sample }) => sample ?? []);
const readWatch = async () => (await db().select().from(runWatches))[0];

describe('a run that has moved traffic', () => {
  it('is probed during bake and hold, and for the configured time after its end', async () => {
    const round = sampleRounds(deps());
    const stepId = (await fixture.recordOf(runId)).plan.steps[0]?.id;
    if (stepId === undefined) throw new Error('the plan has steps');
    const direction = 'apply';
    const seen: number[] = [];
    const step = async (...events: readonly RunEvent[]) => {
      await setJournal(...events);
      now += 10_000;
      await round();
      seen.push((await readSamples()).length);
    };
    await step({ type: 'baking', stepId, until: at(), at: at(), direction });
    await step({ type: 'gate', gate: 'T1', due: at(), at: at(), direction });
    await step(end());
    const ended = now - 10_000;
    now = ended + 590_000;
    await round();
    seen.push((await readSamples()).length);
    now = ended + 600_000;
    await round();
    seen.push((await readSamples()).length);
    expect(seen).toEqual([1, 2, 3, 4, 4]);
    const [sample] = await readSamples();
    expect(sample?.probes).toEqual([expect.objectContaining({ passed: true, status: '200', failure: null })]);
    expect((await readWatch())?.summary).toMatchObject({ rounds: 4, sent: 4, failed: 0, breaches: [] });
  });

  it('is probed once in each interval by any worker', async () => {
    await setJournal(end());
    const [one, other] = [sampleRounds(deps()), sampleRounds(deps())];
    await one();
    await other();
    expect(await readSamples()).toHaveLength(1);
    now += 10_000;
    await other();
    expect(await readSamples()).toHaveLength(2);
  });

  it('is probed at the new addresses of its load balancers', async () => {
    const { plan, planId } = await fixture.recordOf(runId);
    const made = plan.steps.find((step) => step.kind === 'write');
    if (made === undefined) throw new Error('the plan has writes');
    const asked: string[] = [];
    const listening: Prober = {
      probe: async (probe) => {
        if (probe.kind === 'http') asked.push(probe.address);
        return prober.probe(probe);
      },
    };
    await setJournal(end());
    const round = sampleRounds(deps({ proberOf: () => listening }));
    await round();
    const [placeholder] = asked;
    if (placeholder === undefined) throw new Error('the plan has a probe');
    // The probed address becomes the placeholder of a load balancer that is created later.
    const steps = plan.steps.map((step) =>
      step === made ? { ...made, yields: { LoadBalancerId: placeholder } } : step,
    );
    await db()
      .update(plans)
      .set({ plan: { ...plan, steps } })
      .where(eq(plans.id, planId));
    await setJournal(
      {
        type: 'stepDone',
        stepId: made.id,
        outcome: 'applied',
        requestId: null,
        durationMs: 1,
        ids: { [placeholder]: '127.0.0.1' },
        at: at(),
        direction: 'apply',
      },
      end(),
    );
    now += 10_000;
    await round();
    expect(asked).toEqual([placeholder, '127.0.0.1']);
    await db().update(plans).set({ plan }).where(eq(plans.id, planId));
  });

  it('is probed even if many newer runs wait or are probed', async () => {
    await setJournal(end());
    const { planId } = await fixture.recordOf(runId);
    const [stored] = await db().select().from(plans).where(eq(plans.id, planId));
    if (stored === undefined) throw new Error('the run has a plan');
    const { id: _, ...plan } = stored;
    const copies = await db()
      .insert(plans)
      .values(Array.from({ length: 45 }, () => plan))
      .returning({ id: plans.id });
    const createdAt = new Date(now + 60_000);
    const newer = await db()
      .insert(runs)
      .values(copies.map(({ id }) => ({ planId: PlanId.parse(id), createdBy: 'test', createdAt })))
      .returning({ id: runs.id });
    await db()
      .insert(runAttempts)
      .values(
        newer.map(({ id }) => ({
          runId: RunId.parse(id),
          attempt: 1,
          direction: 'apply' as const,
          actor: 'test',
        })),
      );
    const moved = [...journal.filter(({ type }) => type !== 'finished'), end()];
    // Of these, 20 have changed nothing, and 25 are probed.
    const events = newer.flatMap(({ id }, nth) =>
      (nth < 20 ? moved.slice(0, 1) : moved).map((event) => ({ runId: RunId.parse(id), event })),
    );
    await db().insert(runEvents).values(events);
    const round = sampleRounds(deps());
    await round();
    await round();
    await round();
    expect(await readSamples()).toHaveLength(1);
    expect(await db().select().from(runWatches)).toHaveLength(26);
    await db().delete(runEvents);
    await db().delete(runAttempts).where(ne(runAttempts.runId, runId));
    await db().delete(runWatches);
    await db().delete(runs).where(ne(runs.id, runId));
  });

  it('is skipped if another worker holds its lock, or without the keys of all its accounts', async () => {
    await setJournal(end());
    await sampleRounds(deps({ lease: { whileFree: async () => false } }))();
    await sampleRounds(deps({ has: () => false }))();
    expect(await readSamples()).toEqual([]);
  });

  it('raises an alert once when a guard is breached after its end, with the probes that failed', async () => {
    const guards: readonly Guard[] = [{ measure: 'probeFailures', limit: 50, forS: 15, outcome: 'rollback' }];
    await db().update(runs).set({ guards });
    await setJournal(end());
    const dead: Prober = {
      probe: async (probe) => ({
        ...(await prober.probe(probe)),
        passed: false,
        status: '502',
        failure: 'expected 200, found 502',
      }),
    };
    const [failing, passing] = [sampleRounds(deps({ proberOf: () => dead })), sampleRounds(deps())];
    const play = async (round: () => Promise<void>, count: number) => {
      for (let n = 0; n < count; n += 1) {
        now += 10_000;
        await round();
      }
    };
    await play(failing, 2);
    expect((await readWatch())?.breachAt).toBeNull();
    await play(failing, 3);
    const first = await readWatch();
    expect(first?.summary).toMatchObject({ sent: 5, failed: 5 });
    expect(first?.summary.breaches).toEqual([
      {
        at: first?.breachAt?.toISOString(),
        breach: expect.objectContaining({ guard: guards[0], value: 100 }),
        overAt: null,
        failed: [expect.objectContaining({ status: '502', failure: 'expected 200, found 502' })],
      },
    ]);
    await play(passing, 1);
    expect((await readWatch())?.summary.breaches).toMatchObject([{ overAt: new Date(now).toISOString() }]);
    await play(failing, 3);
    expect((await readWatch())?.summary.breaches).toMatchObject([
      { overAt: expect.any(String) },
      { overAt: null },
    ]);
    // Only an alert: nothing is rolled back automatically after the end.
    expect(foldRun(await fixture.recordOf(runId)).state).toBe('done');
    expect(await db().select().from(runAttempts)).toHaveLength(1);
    await db().update(runs).set({ guards: [] });
  });

  it('keeps a limited number of rows, with the first and the newest', async () => {
    await setJournal(end());
    const round = sampleRounds(deps({ afterS: 86_400 }));
    await round();
    const [sample] = await readSamples();
    invariant(sample !== undefined, 'the round is stored');
    const { max, newest } = rowsMax.sample;
    const rows = Array.from({ length: max }, (_, n) => {
      const each = new Date(now + (n + 1) * 10_000);
      return { runId, at: each, sample: { ...sample, at: each.toISOString() } };
    });
    await db().insert(runSamples).values(rows);
    now += (max + 1) * 10_000;
    await round();
    const kept = await readSamples();
    expect(kept.length).toBeLessThanOrEqual(max);
    expect(kept[0]).toEqual(sample);
    expect(kept.slice(1 - newest, -1).map((each) => each.at)).toEqual(
      rows.slice(2 - newest).map((each) => each.sample.at),
    );
    expect(kept.at(-1)?.at).toBe(at());
    expect((await readWatch())?.summary.rounds).toBe(2);
  });

  it('is unchanged when probing it fails, which the loop reports and retries', async () => {
    await setJournal(end());
    const events = (await fixture.recordOf(runId)).events;
    const broken: Prober = { probe: () => Promise.reject(new TypeError('of our own')) };
    const loop = workLoop('probes', { log, now: () => new Date(now) });
    await sampleRounds(deps({ proberOf: () => broken, loop }))();
    expect(loop.problems()).toMatchObject([{ loop: 'probes', object: `run ${runId}` }]);
    expect((await fixture.recordOf(runId)).events).toEqual(events);
    expect(await readSamples()).toEqual([]);
    now += 10_000;
    await sampleRounds(deps({ loop }))();
    expect(await readSamples()).toHaveLength(1);
    expect(loop.problems()).toEqual([]);
  });
});

it.each<[string, RunEvent]>([
  [
    'before its T0',
    {
      type: 'gate',
      gate: 'T0',
      due: '2026-12-12T00:00:00.000Z',
      at: '2026-12-12T00:00:00.000Z',
      direction: 'apply',
    },
  ],
  [
    'while it rolls back',
    { type: 'rollback', why: { kind: 'T1' }, at: '2026-12-12T00:00:00.000Z', direction: 'rollback' },
  ],
])('does not probe a run %s', async (_, event) => {
  await setJournal(event);
  await sampleRounds(deps())();
  expect(await readSamples()).toEqual([]);
});
