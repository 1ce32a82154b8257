import { sql } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { FaultPoint, StepContext } from '@/lib/run/steps/step-context';
import { memory, startWorkerFixture } from '@/testing/worker/test-worker-fixture';
import { RunTakenOverError } from './run-fence';
import { describeDecision } from './run-plan';

/*
 * Two workers on one run, on a real database and the real sandbox: one pauses while the other claims its run. Without
 * the engine, which would refuse the late one as well, but not in time.
 */

const fixture = await startWorkerFixture('127.131.0.0/16');

afterAll(() => fixture.stop());

const effects = () => fixture.callControl('GET', '/effects') as Promise<Record<string, number>>;

beforeEach(async () => {
  await fixture.callControl('POST', '/reset');
});

const afterwards = vi.fn(async () => {});

/** Starts a worker process on this run. */
const work = (runId: RunId, given: Partial<Pick<StepContext, 'faultPoint' | 'once'>> = {}) =>
  fixture.work(runId, { ...given, sync: afterwards });

/** Creates a gate that blocks until it is opened, and reports when a caller has reached it. */
function gate() {
  let open = () => {};
  let arrive = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const pass = () => {
    arrive();
    return opened;
  };
  return { pass, reached, open };
}

/**
 * Starts a worker that pauses at a point of the first step.
 * @returns a function that resumes it and returns how it ends
 */
async function sleepyWork(runId: RunId, place: FaultPoint): Promise<() => Promise<unknown>> {
  const { pass, reached, open } = gate();
  const ended = work(runId, {
    faultPoint: async (name, stepId) => {
      if (name === place && stepId === 's1') await pass();
    },
  }).catch((error: unknown) => error);
  await reached;
  return () => {
    open();
    return ended;
  };
}

it('a worker that resumes before its call, after another one has claimed its run, calls nothing', async () => {
  const runId = await fixture.storeRun();
  const wake = await sleepyWork(runId, 'afterIntent');
  // Both are at the same point: the object is unchanged, and nothing but the fence prevents the call.
  const { pass, reached, open } = gate();
  const recorded = memory();
  const other = work(runId, {
    once: async (name, fn) => {
      if (name === 'started') await pass();
      return recorded(name, fn);
    },
  });
  await reached;
  expect(await wake()).toBeInstanceOf(RunTakenOverError);
  expect((await fixture.recordOf(runId)).events.map(({ type }) => type)).toEqual(['started', 'intent']);
  open();
  await other;
  const run = foldRun(await fixture.recordOf(runId));
  expect(run.state).toBe('done');
  // The other one waited for the call that might be in flight, then sent it itself.
  expect(run.apply[0]).toMatchObject({ outcome: 'applied', attempts: 2 });
  expect(new Set(Object.values(await effects()))).toEqual(new Set([1]));
});

it.each(['afterCall', 'afterRecord'] as const)(
  'a worker that resumes %s, after another one has finished its run, records nothing and holds nothing',
  async (place) => {
    const runId = await fixture.storeRun();
    const wake = await sleepyWork(runId, place);
    await work(runId);
    const done = await fixture.recordOf(runId);
    expect(foldRun(done).state).toBe('done');
    const counted = await effects();
    expect(new Set(Object.values(counted))).toEqual(new Set([1]));
    afterwards.mockClear();
    expect(await wake()).toBeInstanceOf(RunTakenOverError);
    expect((await fixture.recordOf(runId)).events).toEqual(done.events);
    expect(await effects()).toEqual(counted);
    expect(afterwards).not.toHaveBeenCalled();
  },
);

it('a run waits while the disk of the database is full, and then continues', async () => {
  const { db } = fixture.database;
  const runId = await fixture.storeRun();
  // A full disk lets statements read, and fails those that need space.
  await db.execute(sql`
    create function fill_disk() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
  const ended = work(runId, {
    faultPoint: async (name, stepId) => {
      if (name !== 'afterIntent' || stepId !== 's1') return;
      await db.execute(sql`
        create trigger disk before insert on run_event for each row execute function fill_disk()`);
    },
  });
  // Its call was sent, and what follows can't be recorded.
  await vi.waitFor(async () => expect(Object.keys(await effects())).toHaveLength(1), { timeout: 10_000 });
  const { events } = await fixture.recordOf(runId);
  expect(events.map(({ type }) => type)).toEqual(['started', 'intent']);
  await db.execute(sql`drop trigger disk on run_event`);
  await ended;
  expect(foldRun(await fixture.recordOf(runId))).toMatchObject({ state: 'done', stopped: null });
  expect(new Set(Object.values(await effects()))).toEqual(new Set([1]));
});

it('an internal error holds a run with its reason, and nothing is lost', async () => {
  const runId = await fixture.storeRun();
  await work(runId, {
    faultPoint: async (name, stepId) => {
      if (name === 'afterRecord' && stepId === 's1') throw new TypeError('a part fails');
    },
  });
  expect(foldRun(await fixture.recordOf(runId))).toMatchObject({
    state: 'stopped',
    stopped: { reason: { kind: 'internal', message: 'a part fails' } },
  });
});

describe('a decision of a run without a command', () => {
  const at = '2026-12-12T00:00:00.000Z';
  const of = (event: object) => describeDecision({ at, ...event } as RunEvent, 'R-0001');
  const run = { actor: 'spillway', objects: [{ kind: 'run', id: 'R-0001' }] };

  it.each([
    [
      { type: 'missed', lateMs: 12_000 },
      { operation: 'run.missT0', facts: { lateMs: 12_000 } },
    ],
    [
      { type: 'stopped', reason: { kind: 'internal' } },
      { operation: 'run.stop', facts: { reason: 'internal' } },
    ],
    [
      { type: 'rollback', why: { kind: 'guard' } },
      { operation: 'run.rollBack', facts: { why: 'guard' } },
    ],
    [
      { type: 'rollback', why: { kind: 'missedT0' } },
      { operation: 'run.rollBack', facts: { why: 'missedT0' } },
    ],
    [
      { type: 'closed', actor: 'Spillway', reason: 'T1' },
      { operation: 'run.cancel', facts: { why: 'T1' } },
    ],
  ])('is recorded: %j', (event, decision) => {
    expect(of(event)).toEqual({ ...run, ...decision });
  });

  it.each([
    { type: 'rollback', why: { kind: 'command', actor: 'sari' } },
    { type: 'closed', actor: 'sari', reason: 'T1' },
    { type: 'stepDone' },
  ])('is not %j: the verb of the person is recorded, or nothing is decided', (event) => {
    expect(of(event)).toBeNull();
  });
});

it('a run whose engine meets a database that only reads ends without a stop, even if it soon writes again', async () => {
  const runId = await fixture.storeRun();
  const readOnly = Object.assign(new Error('cannot execute INSERT in a read-only transaction'), {
    code: '25006',
  });
  const recorded = memory();
  let isFirst = true;
  const once: StepContext['once'] = (name, fn) => {
    if (name === 'started' || !isFirst) return recorded(name, fn);
    isFirst = false;
    return Promise.reject(readOnly);
  };
  await expect(work(runId, { once })).rejects.toBe(readOnly);
  expect((await fixture.recordOf(runId)).events.map(({ type }) => type)).toEqual(['started']);
});

it('a run is stopped for an error whose message can’t be stored', async () => {
  const runId = await fixture.storeRun();
  const recorded = memory();
  let isFirst = true;
  const once: StepContext['once'] = (name, fn) => {
    if (name === 'started' || !isFirst) return recorded(name, fn);
    isFirst = false;
    return Promise.reject(new Error('Unexpected token \0 \ud800'));
  };
  await work(runId, { once });
  expect(foldRun(await fixture.recordOf(runId)).stopped?.reason).toEqual({
    kind: 'internal',
    message: 'Unexpected token \ufffd \ufffd',
  });
});
