import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { rehearsals, runAttempts, runs, safetyRules } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { finishRehearsal } from '@/lib/rehearsal/event/finish-rehearsal';
import { fireDrill } from '@/lib/rehearsal/event/fire-drill';
import { RunId } from '@/lib/run/model/run-id';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { cancelRehearsal } from '@/lib/server/rehearsals/cancel-rehearsal';
import { getRehearsal } from '@/lib/server/rehearsals/get-rehearsal';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';
import { testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { RehearsalOverdueError } from './rehearsal-overdue';
import { type RehearsalDeps, runRehearsal } from './run-rehearsal';

const context = testContext();

/** Rehearses in this process. */
const here: RehearsalDeps['rehearse'] = async (input, { onProgress, onEvent, finished, signal }) => {
  const options = {
    signal,
    finished,
    onEvent,
    onProgress: ({ share }: { share: number }) => onProgress(share),
  };
  return finishRehearsal(await fireDrill(input, options));
};

let rehearsalId: string;
let start: (settings?: object) => Promise<string>;

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
  const planned = await createPlan({ connectionId: 'test', diversion: testSplit({ provisioned: 5 }) });
  invariant(planned.ok, 'the plan is stored');
  const view = await getPlan(planned.value.planId);
  invariant(view !== null, 'it is there');
  start = async (settings = {}) => {
    const started = await startRehearsal({
      planId: view.id,
      hash: view.hash,
      load: { peakRps: 100 },
      settings,
    });
    invariant(started.ok, 'the rehearsal is stored');
    return started.value.rehearsalId;
  };
  rehearsalId = await start();
});

function run(deps: Pick<RehearsalDeps, 'rehearse'>) {
  const errors: unknown[] = [];
  const all = { db: context.db, onError: (error: unknown) => errors.push(error), ...deps };
  return runRehearsal(all, rehearsalId).then(() => errors);
}

describe('a rehearsal in a worker', () => {
  it('ends with the report of its plan on the newest snapshot', async () => {
    expect(await run({ rehearse: here })).toEqual([]);
    const view = await getRehearsal(rehearsalId);
    expect(view).toMatchObject({ state: 'done', progress: 1, error: null });
    expect(view?.report?.verdict).toBe(view?.verdict);
    expect(view?.report?.run.state).toBe('rolledBack');
    expect(view?.report?.totals.offered).toBeGreaterThan(100_000);
  });

  it('ends as a fire drill with all events, and the report of the worst', async () => {
    const faults = { kinds: ['functionFails'], count: 1 };
    rehearsalId = await start({ seed: 3, events: 3, faults });
    expect(await run({ rehearse: here })).toEqual([]);
    const view = await getRehearsal(rehearsalId);
    expect(view).toMatchObject({ state: 'done', seed: 3, events: 3, faults: 1 });
    expect(view?.drill?.events.map(({ seed }) => seed)).toEqual([3, 4, 5]);
    expect(view?.verdict).toBe(view?.drill?.verdict);
    expect(view?.report?.seed).toBe(view?.drill?.worstSeed);
  });

  it('fails with what to do when it takes too long', async () => {
    const overdue = new RehearsalOverdueError('wholeMs', 3_600_000);
    expect(await run({ rehearse: () => Promise.reject(overdue) })).toEqual([overdue]);
    const view = await getRehearsal(rehearsalId);
    expect(view?.error).toMatch(/longer than 60 min.*fewer events/);
  });

  it('is stopped by a safety rule in force as its run would be, and says what to do', async () => {
    const rule = SafetyRule.parse({
      kind: 'protected',
      name: 'Sale',
      match: { domains: ['flash.*'] },
      approvals: null,
    });
    const by = { createdBy: 'local', changedBy: 'local' };
    await context.db.insert(safetyRules).values({ name: rule.name, rule, ...by });
    expect(await run({ rehearse: here })).toEqual([]);
    const report = (await getRehearsal(rehearsalId))?.report;
    expect(report?.run).toMatchObject({
      state: 'stopped',
      stopped: { values: { rule: 'Sale', why: 'never' } },
    });
    expect(report?.changes.map(({ code }) => code)).toContain('clearProblem');
  });

  it('stops when it is canceled, and stays canceled', async () => {
    const errors = await run({
      rehearse: async (_, { signal }) => {
        await cancelRehearsal({ rehearsalId });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('canceled');
      },
    });
    expect(errors).toEqual([]);
    expect(await getRehearsal(rehearsalId)).toMatchObject({ state: 'canceled', report: null });
  });

  it('stores no more progress after its end, also if it ends while progress is stored', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const polls = () => timers.mock.calls.filter(([, ms]) => ms === 500).length;
    await run({
      rehearse: async (_, { signal }) => {
        await cancelRehearsal({ rehearsalId });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('canceled');
      },
    });
    const before = polls();
    expect(before).toBeGreaterThan(0);
    // The round that noticed the cancellation ends with reads of the database: these are later.
    for (let read = 0; read < 5; read += 1) await getRehearsal(rehearsalId);
    expect(polls()).toBe(before);
    timers.mockRestore();
  });

  it('reports a failure without its cause, which may contain anything', async () => {
    const cause = new Error('select secret');
    const errors = await run({ rehearse: () => Promise.reject(cause) });
    expect(errors).toEqual([cause]);
    const view = await getRehearsal(rehearsalId);
    expect(view).toMatchObject({ state: 'failed', report: null });
    expect(view?.error).not.toContain('secret');
  });

  it('continues with a fire drill after the events that had ended when its worker was replaced', async () => {
    const settings = { seed: 3, events: 3, faults: { kinds: ['functionFails'], count: 1 } };
    rehearsalId = await start(settings);
    await run({ rehearse: here });
    const whole = await getRehearsal(rehearsalId);

    rehearsalId = await start(settings);
    const stored = () => context.db.select().from(rehearsals).where(eq(rehearsals.id, rehearsalId));
    // A worker that is killed leaves the rehearsal as it has stored it last.
    const killed: RehearsalDeps['rehearse'] = async (input, { onEvent }) => {
      await fireDrill({ ...input, events: 2 }, { onEvent });
      await vi.waitFor(async () => expect((await stored())[0]?.finished?.events).toHaveLength(2));
      await context.db.update(rehearsals).set({ state: 'canceled' }).where(eq(rehearsals.id, rehearsalId));
      throw new Error('killed');
    };
    await run({ rehearse: killed });
    await context.db.update(rehearsals).set({ state: 'running' }).where(eq(rehearsals.id, rehearsalId));
    const asked: number[] = [];
    await run({
      rehearse: (input, options) => {
        asked.push(options.finished.length);
        return here(input, options);
      },
    });
    expect(asked).toEqual([2]);
    const again = await getRehearsal(rehearsalId);
    expect(again?.drill).toEqual(whole?.drill);
    expect(again?.report).toEqual(whole?.report);
  });

  it('begins a fire drill again if its input has changed meanwhile', async () => {
    rehearsalId = await start({ seed: 3, events: 2 });
    const finished = { of: 'another input', events: [] };
    await context.db
      .update(rehearsals)
      .set({ state: 'running', finished })
      .where(eq(rehearsals.id, rehearsalId));
    const asked: number[] = [];
    await run({
      rehearse: (input, options) => {
        asked.push(options.finished.length);
        return here(input, options);
      },
    });
    expect(asked).toEqual([0]);
    expect((await getRehearsal(rehearsalId))?.drill?.events).toHaveLength(2);
  });

  it('rests around the T0 of a waiting run', async () => {
    const { id: planId } = await context.plan();
    const [waiting] = await context.db.insert(runs).values({ planId, createdBy: 'test' }).returning();
    const runId = RunId.parse(waiting?.id);
    await context.db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'test' });
    const on = { at: new Date().toISOString(), direction: 'apply' } as const;
    const due = new Date(Date.now() + 1000).toISOString();
    await context.write(
      runId,
      { type: 'started', actor: 'test', attempt: 1, ...on },
      { type: 'gate', gate: 'T0', due, ...on },
    );
    const seen: boolean[] = [];
    await run({
      rehearse: async (input, options) => {
        await new Promise<void>((resolve) => {
          options.onRest((isResting) => {
            seen.push(isResting);
            if (!isResting) resolve();
          });
        });
        return here(input, options);
      },
    });
    expect(seen).toEqual([true, false]);
  });

  it('begins again when its worker was replaced', async () => {
    await context.db
      .update(rehearsals)
      .set({ state: 'running', progress: 0.5 })
      .where(eq(rehearsals.id, rehearsalId));
    expect(await run({ rehearse: here })).toEqual([]);
    expect(await getRehearsal(rehearsalId)).toMatchObject({ state: 'done' });
  });
});
