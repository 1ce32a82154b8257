import { beforeEach, describe, expect, it } from 'vitest';
import * as schema from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { applyPlan } from './apply-plan';
import { cancelSchedule, rescheduleRun } from './change-schedule';
import { getRun } from './get-run';
import { getSchedule } from './get-schedule';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const hour = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
const clock = (t0Hours: number, t1Hours: number): Cutover => ({
  t0: inHours(t0Hours),
  prewarmS: 600,
  t1: inHours(t1Hours),
  zone: 'Asia/Jakarta',
  missedT0: { kind: 'skip' },
  guards: [],
});
const refused = (message: string) => ({ ok: false, error: { form: { message } } });
const stamp = { at: '2026-12-11T15:00:00.000Z', direction: 'apply' } as const;
const waiting = (attempt = 1): readonly RunEvent[] => [
  { type: 'started', actor: 'local', attempt, ...stamp },
  { type: 'gate', gate: 'prewarm', due: inHours(1), ...stamp },
];
const passed: RunEvent = { type: 'passed', gate: 'prewarm', latenessMs: 0, ...stamp };

async function schedule(cutover: Cutover, name = 'Flash split') {
  const view = await context.plan({ ...testSplit(), name });
  const answer = await applyPlan({ planId: view.id, hash: view.hash, typedDomain: null, cutover });
  invariant(answer.ok, `the plan is scheduled: ${JSON.stringify(answer)}`);
  return { ...view, runId: answer.value.runId };
}

const reschedule = (runId: RunId, cutover: Cutover, reason = 'Stock is late') =>
  rescheduleRun({ runId, cutover, reason, typedDomain: null });

describe('rescheduling', () => {
  it('changes the times, keeps plan, run and approvals, and is in the activity', async () => {
    const { id, hash, runId, diversionId } = await schedule(clock(2, 4));
    await approvePlan({ planId: id, hash, name: 'Intan', comment: '' });
    await context.write(runId, ...waiting());
    const [before] = (await getSchedule()).cutovers;
    const next = clock(5, 7);
    expect(await reschedule(runId, next)).toEqual({ ok: true, value: { runId } });

    expect((await getSchedule()).cutovers).toMatchObject([{ runId, planId: id, cutover: next }]);
    expect(await getPlan(id)).toMatchObject({
      hash,
      reschedulable: next,
      approvals: { count: { given: 1 }, state: 'open' },
    });
    const activity = await getActivity(diversionId);
    expect(activity?.entries).toContainEqual(
      expect.objectContaining({
        kind: 'run',
        actor: 'local',
        event: expect.objectContaining({
          type: 'rescheduled',
          reason: 'Stock is late',
          from: before?.cutover,
          to: { ...next, withoutGuards: ['probeFailures', 'errorRate', 'latency'] },
        }),
      }),
    );
    // The next attempt waits for the new times; the first one is fenced off.
    await context.write(runId, ...waiting(2));
    expect(await getRun(runId)).toMatchObject({ state: 'scheduled', cutover: next });
    const [row] = await context.db.select({ fence: schema.runs.fence }).from(schema.runs);
    expect(row?.fence).toBeGreaterThan(0);
  });

  it('is refused after the run has begun', async () => {
    const { runId } = await schedule(clock(2, 4));
    await context.write(runId, ...waiting(), passed);
    expect(await reschedule(runId, clock(5, 7))).toMatchObject(refused('run.scheduleBegun'));
    expect(await cancelSchedule({ runId, reason: 'x' })).toMatchObject(refused('run.scheduleBegun'));
  });

  it('is refused without a reason, while the run or all changes are paused, and for an unknown run', async () => {
    const { runId } = await schedule(clock(2, 4));
    expect(await reschedule(runId, clock(5, 7), ' ')).toMatchObject({
      error: { fields: { reason: ['reason.missing'] } },
    });
    await context.write(runId, ...waiting());
    await context.write(runId, { type: 'paused', actor: 'local', reason: '', ...stamp });
    expect(await reschedule(runId, clock(5, 7))).toMatchObject(refused('run.cannot.reschedule'));
    await setEmergencyStop({ reason: 'Strange answers' });
    expect(await reschedule(runId, clock(5, 7))).toMatchObject(refused('emergencyStop.stopped'));
    expect(await rescheduleRun({ runId: 'R-9999', cutover: clock(5, 7), reason: 'x' })).toMatchObject(
      refused('run.gone'),
    );
  });

  it('checks the new times like those of a newly scheduled plan', async () => {
    const { runId } = await schedule(clock(2, 4));
    const other = await schedule(clock(8, 9), 'Other');
    expect(await reschedule(runId, clock(-1, 4))).toMatchObject({
      error: { fields: { 'cutover.t0': ['t0.past'] } },
    });
    expect(await reschedule(runId, clock(7, 10))).toMatchObject({
      error: { form: { message: 'run.overlap', values: { run: other.runId } } },
    });
    // Its own period is no conflict.
    expect((await reschedule(runId, clock(3, 5))).ok).toBe(true);
  });

  it('is refused when another plan is needed, or a newer revision exists', async () => {
    const { runId, diversionId } = await schedule(clock(2, 4));
    await createPlan({ connectionId: 'test', diversion: testSplit({ expectedBody: 'Sale' }), diversionId });
    expect(await reschedule(runId, clock(5, 7))).toMatchObject(refused('plan.superseded'));
    const records = testEstate().records.filter(({ subdomain }) => subdomain !== 'flash');
    await context.connect('test', 'sandbox', { ...testEstate(), records });
    expect(await reschedule(runId, clock(5, 7))).toMatchObject({ ok: false });
  });
});

describe('canceling a schedule', () => {
  it('returns the diversion to planned, and keeps plan and approvals for another schedule', async () => {
    const { id, hash, runId, diversionId } = await schedule(clock(2, 4));
    await approvePlan({ planId: id, hash, name: 'Intan', comment: '' });
    await context.write(runId, ...waiting());
    expect(await getDiversion(diversionId)).toMatchObject({
      state: 'scheduled',
      current: { isBegun: false },
    });
    expect(await cancelSchedule({ runId, reason: 'Sale is off' })).toEqual({ ok: true, value: null });

    expect(await getDiversion(diversionId)).toMatchObject({
      state: 'planned',
      current: { runId, runState: null, cutover: null },
    });
    expect((await getSchedule()).cutovers).toEqual([]);
    expect(await getPlan(id)).toMatchObject({
      runId: null,
      reschedulable: null,
      approvals: { count: { given: 1 }, state: 'open' },
    });
    expect(await getRun(runId)).toMatchObject({ state: 'closed', isCanceled: true });
    const activity = await getActivity(diversionId);
    expect(activity?.entries).toContainEqual(
      expect.objectContaining({
        actor: 'local',
        event: expect.objectContaining({ type: 'closed', reason: 'Sale is off' }),
      }),
    );
    expect(await cancelSchedule({ runId, reason: 'x' })).toMatchObject(refused('run.cannot.cancelSchedule'));

    const again = await applyPlan({ planId: id, hash, typedDomain: null, cutover: clock(5, 7) });
    expect(again).toEqual({ ok: true, value: { runId } });
    expect((await getSchedule()).cutovers).toMatchObject([{ runId, state: 'queued' }]);
    // It has started by then: a plan runs once.
    await context.write(runId, ...waiting(2), passed, { type: 'closed', actor: 'local', ...stamp });
    expect(await getDiversion(diversionId)).toMatchObject({ state: 'leftAsIs' });
    expect(await applyPlan({ planId: id, hash, typedDomain: null, cutover: null })).toMatchObject(
      refused('plan.alreadyRun'),
    );
  });

  it('releases the objects for another run', async () => {
    const { runId } = await schedule(clock(2, 4));
    await context.write(runId, ...waiting());
    await cancelSchedule({ runId, reason: 'Sale is off' });
    await schedule(clock(2, 4), 'Other');
    expect((await getSchedule()).cutovers).toHaveLength(1);
  });

  it('is also possible for a run that was stopped before it began, or is paused', async () => {
    const stopped = await schedule(clock(2, 4));
    await context.write(stopped.runId, ...waiting(), {
      type: 'stopped',
      stepId: null,
      reason: { kind: 'invalid', problems: [] },
      ...stamp,
    });
    expect((await cancelSchedule({ runId: stopped.runId, reason: 'x' })).ok).toBe(true);
    const paused = await schedule(clock(2, 4), 'Other');
    await context.write(paused.runId, ...waiting(), { type: 'paused', actor: 'local', reason: '', ...stamp });
    expect((await cancelSchedule({ runId: paused.runId, reason: 'x' })).ok).toBe(true);
  });
});
