import { beforeEach, describe, expect, it } from 'vitest';
import { plans, runs } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import type { StopReason } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { checkClock } from '@/lib/server/plans/check-clock';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { testEstate, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { type ConditionsQuery, readConditions } from './read-conditions';

/*
 * Tests what the checks of a plan receive about other plans, on a real database; no worker changes the state of runs.
 */

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString() }));
});

const hour = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
const cutover = (t0: number, t1: number | null): Cutover => ({
  t0: at(t0),
  prewarmS: 600,
  t1: t1 === null ? null : at(t1),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [],
});
const split = (name: string) => ({ ...testSplit(), name });

const listOthers = async (others: ConditionsQuery['others'], connectionId = 'test') =>
  (await readConditions(context.db, { connectionId, span: null, others })).others;
const all = (ownName: string) => listOthers({ kind: 'all', ownName });

async function apply(name: string, clock: Cutover | null) {
  const { id: planId, hash } = await context.plan(split(name));
  return { planId, answer: await applyPlan({ planId, hash, typedDomain: null, cutover: clock }) };
}

async function applied(name: string, clock: Cutover | null): Promise<RunId> {
  const { answer } = await apply(name, clock);
  invariant(answer.ok, `the plan is applied: ${JSON.stringify(answer)}`);
  return answer.value.runId;
}

async function hold(runId: RunId): Promise<void> {
  const reason: StopReason = { kind: 'internal', message: 'x' };
  await context.write(
    runId,
    { type: 'started', actor: 'test', attempt: 1, at: at(0), direction: 'apply' },
    { type: 'stopped', stepId: null, reason, at: at(0), direction: 'apply' },
  );
}

describe('runs', () => {
  it('are included with time and objects until they have ended', async () => {
    const clock = cutover(2, 4);
    const runId = await applied('One', clock);
    const [other, ...more] = await listOthers({ kind: 'runs' });
    expect(more).toEqual([]);
    expect(other).toMatchObject({
      id: runId,
      name: 'One',
      state: 'scheduled',
      span: { from: new Date(Date.parse(clock.t0) - 600_000).toISOString() },
    });
    expect(Date.parse(other?.span?.until ?? '')).toBeGreaterThanOrEqual(Date.parse(clock.t1 ?? ''));
    expect(other?.objects).toContain('recordSet/flash.example.co.id/0');

    const due = { at: at(0), direction: 'apply' } as const;
    await context.write(runId, { type: 'started', actor: 'test', attempt: 1, ...due });
    await context.write(runId, { type: 'gate', gate: 'prewarm', due: clock.t0, ...due });
    expect(await listOthers({ kind: 'runs' })).toMatchObject([{ id: runId, state: 'scheduled' }]);
    await context.write(runId, { type: 'finished', result: 'done', ...due });
    expect(await listOthers({ kind: 'runs' })).toEqual([]);
  });

  it('have an unknown end while they are stopped or late', async () => {
    const runId = await applied('One', cutover(2, 4));
    await context.db.update(runs).set({ cutover: cutover(-4, -2) });
    expect(await listOthers({ kind: 'runs' })).toMatchObject([{ id: runId, state: 'scheduled', span: null }]);
    await hold(runId);
    expect(await listOthers({ kind: 'runs' })).toMatchObject([{ id: runId, state: 'stopped', span: null }]);
  });

  it('of another connection are excluded, and a run gets only earlier ones', async () => {
    await context.connect('other');
    const first = await applied('One', cutover(2, 4));
    const second = await applied('Two', cutover(6, 8));
    expect(await listOthers({ kind: 'runs' }, 'other')).toEqual([]);
    expect(await listOthers({ kind: 'earlierRuns', runId: first })).toEqual([]);
    expect(await listOthers({ kind: 'earlierRuns', runId: second })).toMatchObject([{ id: first }]);
    const bindings = await listOthers({ kind: 'bindings' });
    expect(bindings.map(({ id, objects }) => [id, objects])).toEqual([first, second].map((id) => [id, []]));
    expect(bindings[0]?.binds).toMatchObject([
      { rule: { domain: 'flash.example.co.id' }, function: { namespace: 'flash', name: 'storefront' } },
    ]);
  });
});

describe('drafts', () => {
  it('are the newest plans of other names that have not been applied', async () => {
    const old = await context.plan(split('One'));
    const newest = await context.plan(split('One'));
    await context.plan(split('Mine'));
    expect(await all('Mine')).toMatchObject([{ id: newest.id, name: 'One', state: 'draft', span: null }]);
    expect(old.id).not.toBe(newest.id);
    // Once the newest is applied, the older one is outdated: its checks receive the run.
    const { id: planId, hash } = newest;
    const made = await applyPlan({ planId, hash, typedDomain: null, cutover: cutover(2, 4) });
    expect((await all('Mine')).map(({ id }) => id)).toEqual([made.ok ? made.value.runId : '']);
  });

  it('are excluded after two weeks', async () => {
    await context.plan(split('One'));
    expect(await all('Mine')).toHaveLength(1);
    await context.db.update(plans).set({ createdAt: new Date(Date.now() - 15 * 24 * hour) });
    expect(await all('Mine')).toEqual([]);
  });
});

describe('a plan', () => {
  const readOverlap = async (planId: PlanId) =>
    (await getPlan(planId))?.findings.filter(({ check }) => check === 'overlap');

  it('is reviewed with other plans on its objects, and refused if a run is open there', async () => {
    const draft = await context.plan(testSwitch());
    const first = await applied('One', cutover(2, 4));
    const { planId, answer } = await apply('Two', cutover(3, 5));
    expect(await readOverlap(planId)).toMatchObject([
      { status: 'warn', why: 'overlap.run', objects: [first] },
      { status: 'warn', why: 'overlap.draft', objects: [draft.id] },
    ]);
    expect(answer).toMatchObject({ ok: false, error: { form: { message: 'run.overlap' } } });
  });

  it('shows conflicts at the chosen times before it is scheduled', async () => {
    const first = await applied('One', cutover(2, 4));
    const { id } = await context.plan(split('Two'));
    const clock = (t0: number, t1: number | null) => ({
      t0: at(t0),
      prewarmS: 600,
      ...(t1 === null ? {} : { t1: at(t1) }),
    });
    const found = async (given: ReturnType<typeof clock>) => {
      const checked = await checkClock({ planId: id, ...given });
      invariant(checked.ok, 'the clock can be checked');
      return checked.value.findings;
    };
    expect(await found(clock(6, 8))).toEqual([]);
    expect(await found(clock(3, 5))).toMatchObject([
      { check: 'overlap', status: 'block', why: 'overlap.runThen', objects: [first] },
    ]);
    expect(await found(clock(1, null))).toMatchObject([{ status: 'block', objects: [first] }]);
    expect(await checkClock({ planId: id, ...clock(5, 4) })).toMatchObject({
      ok: false,
      error: { fields: {} },
    });
    expect(await checkClock({ planId: 'P-none', ...clock(3, 5) })).toMatchObject({
      error: { form: { message: 'plan.gone' } },
    });
  });

  it('blocked by a check is refused with the name of the check', async () => {
    const { id: planId, hash } = await context.plan();
    await context.connect('test', 'sandbox', testEstate({ takenAt: at(0), functions: [] }));
    const answer = await applyPlan({ planId, hash, typedDomain: null });
    expect(answer).toMatchObject({
      error: { form: { message: 'plan.blocked', values: { check: 'function-type' } } },
    });
  });
});
