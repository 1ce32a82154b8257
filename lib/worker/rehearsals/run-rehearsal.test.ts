import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { rehearsals, safetyRules } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { fireDrill } from '@/lib/rehearsal/event/fire-drill';
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
const here: RehearsalDeps['rehearse'] = (input, { onProgress, signal }) =>
  fireDrill(input, { signal, onProgress: ({ share }) => onProgress(share) });

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
    expect(view?.report?.run.state).toBe('reverted');
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

  it('is held by a safety rule in force as its run would be, and says what to do', async () => {
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
    expect(report?.run).toMatchObject({ state: 'held', held: { values: { rule: 'Sale', why: 'never' } } });
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

  it('reports a failure without its cause, which may contain anything', async () => {
    const cause = new Error('select secret');
    const errors = await run({ rehearse: () => Promise.reject(cause) });
    expect(errors).toEqual([cause]);
    const view = await getRehearsal(rehearsalId);
    expect(view).toMatchObject({ state: 'failed', report: null });
    expect(view?.error).not.toContain('secret');
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
