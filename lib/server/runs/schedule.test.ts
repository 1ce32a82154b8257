import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '@/lib/db/schema';
import type { Cutover, GuardMeasure } from '@/lib/diversion/cutover';
import type { FreezeSpan } from '@/lib/diversion/freeze';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import { defaultPolicy } from '@/lib/policy/policy';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { describeRefusal } from '@/lib/server/api/describe-refusal';
import { checkClock } from '@/lib/server/plans/check-clock';
import { addFreeze, removeFreeze } from '@/lib/server/settings/change-freezes';
import { getEmergencyStop } from '@/lib/server/settings/get-emergency-stop';
import { listFreezes } from '@/lib/server/settings/list-freezes';
import { clearEmergencyStop, setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { setPolicy } from '@/lib/server/settings/set-policy';
import type { Settings } from '@/lib/settings';
import { checkGuards } from '@/lib/store/refusal';
import { testEstate, testFunction, testRecord, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { applyPlan } from './apply-plan';
import { commandRun } from './command-run';
import { getRun } from './get-run';
import { getSchedule } from './get-schedule';

/* Tests what can be scheduled, on a real database and the real engine's client; no worker changes the state of runs. */

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const hour = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString();

function cutover(t0Hours: number, t1Hours: number | null, change: Partial<Cutover> = {}): Cutover {
  return {
    t0: inHours(t0Hours),
    prewarmS: 600,
    t1: t1Hours === null ? null : inHours(t1Hours),
    zone: 'Asia/Jakarta',
    missedT0: { kind: 'skip' },
    guards: [],
    ...change,
  };
}

async function schedule(wanted: Cutover | null, name = 'Flash split') {
  const view = await context.plan({ ...testSplit(), name });
  return applyPlan({ planId: view.id, hash: view.hash, typedDomain: null, cutover: wanted });
}

async function scheduled(wanted: Cutover | null, name?: string): Promise<RunId> {
  const answer = await schedule(wanted, name);
  invariant(answer.ok, 'the plan is scheduled');
  return answer.value.runId;
}

const freeze = (from: number, to: number): FreezeSpan => ({
  kind: 'once',
  from: inHours(from),
  to: inHours(to),
});
const refused = (message: string) => ({ ok: false, error: { form: { message } } });

it('counts the triggers of a function across scheduled runs, and refuses the first that no longer fits', async () => {
  const names = ['flash', 'live', 'late'];
  const records = names.map((name, n) => testRecord(20 + n, name, '127.77.1.1'));
  const functions = [testFunction({ clbTriggerCount: 8 })];
  const shop = testRecord(11, 'shop', '127.77.1.1');
  await context.connect('test', 'sandbox', testEstate({ functions, records: [shop, ...records] }));
  const answers = [];
  for (const name of names) {
    const view = await context.plan({ ...testSplit({ domain: `${name}.example.co.id` }), name });
    const wanted = { planId: view.id, hash: view.hash, typedDomain: null, cutover: cutover(2, 4) };
    answers.push(await applyPlan(wanted));
  }
  expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: false }]);
  expect(answers[2]).toMatchObject({
    error: { form: { message: 'plan.blocked', values: { check: 'function-ready' } } },
  });
});

describe('temporary keys', () => {
  const expire = (hours: number | null) =>
    context.db
      .update(schema.connections)
      .set({ keysExpireAt: hours === null ? null : new Date(Date.now() + hours * hour) });
  afterEach(() => expire(null));

  it('that expire before T1 and its drain block scheduling', async () => {
    await expire(2);
    const name = (await context.db.select().from(schema.connections))[0]?.name;
    const values = { connection: name, expiresAt: expect.any(String) };
    expect(await schedule(cutover(1, 2))).toMatchObject({
      error: { form: { message: 'connection.keysExpire', values } },
    });
    await expire(3);
    expect((await schedule(cutover(1, 2))).ok).toBe(true);
  });

  it('that expire before a plan without T1 is applied also block it', async () => {
    await expire(1);
    expect(await schedule(cutover(2, null))).toMatchObject(refused('connection.keysExpire'));
    await expire(0);
    expect(await schedule(null)).toMatchObject(refused('connection.keysExpire'));
    await expire(3);
    expect((await schedule(cutover(2, null))).ok).toBe(true);
  });
});

describe('a cutover', () => {
  it.each([
    ['a T0 that is over', cutover(-1, 2), { 'cutover.t0': ['t0.past'] }],
    ['a prewarm that would have begun', cutover(0.1, 2), { 'cutover.prewarmS': ['prewarm.past'] }],
    ['a prewarm without time', cutover(1, 2, { prewarmS: 1 }), { 'cutover.prewarmS': ['prewarm.tooShort'] }],
    ['a T1 before T0', cutover(2, 1), { 'cutover.t1': ['t1.beforeT0'] }],
    ['an unknown zone', cutover(1, 2, { zone: 'Mars/Base' }), { 'cutover.zone': ['zone.unknown'] }],
    ['a time that is none', cutover(1, 2, { t0: 'soon' }), { 'cutover.t0': ['instant.invalid'] }],
  ])('is refused with %s, at its field', async (_, wanted, fields) => {
    expect(await schedule(wanted)).toMatchObject({ ok: false, error: { fields } });
    expect((await getSchedule()).cutovers).toEqual([]);
  });

  it('is refused if its warm instances can’t all have started before T0, at 100 a minute', async () => {
    const view = await context.plan(testSplit({ provisioned: 300 }));
    const apply = (prewarmS: number) =>
      applyPlan({
        planId: view.id,
        hash: view.hash,
        typedDomain: null,
        cutover: cutover(1, 2, { prewarmS }),
      });
    expect(await apply(179)).toMatchObject({
      ok: false,
      error: { fields: { 'cutover.prewarmS': ['prewarm.tooShort'] } },
    });
    // Three minutes for the instances, and some seconds for the calls.
    expect((await apply(240)).ok).toBe(true);
  });

  it('is refused with a guard that is shorter than the lag of its figures allows', async () => {
    const view = await context.plan({ ...testSplit(), name: 'Flash split' });
    const reading: TrafficReading = {
      region: 'ap-singapore',
      loadBalancer: 'lb-cvm',
      listener: 'HTTP:80',
      others: 0,
      loadBalancerId: LoadBalancerId.parse('lb-cvm'),
      listenerId: ListenerId.parse('lbl-lb-cvm'),
      names: ['flash.example.co.id'],
      domains: ['flash.example.co.id'],
      perSecond: 1,
      lagMs: 90_000,
    };
    const traffic = {
      planId: view.id,
      at: new Date(),
      readings: [reading],
      functionLagMs: 60_000,
      unmeasured: 0,
      error: null,
    };
    await context.db.insert(schema.planTraffic).values(traffic);
    const apply = (wanted: Cutover) =>
      applyPlan({ planId: view.id, hash: view.hash, typedDomain: null, cutover: wanted });
    const guarded = (forS: number, measure: GuardMeasure = 'errorRate') =>
      cutover(1, 2, { guards: [{ measure, limit: 5, forS, outcome: 'rollback' }] });
    const tooShort = { ok: false, error: { fields: { 'cutover.guards.0.forS': ['guard.lag'] } } };
    expect(await apply(guarded(149))).toMatchObject(tooShort);
    // Stored traffic is older by its interval of a minute.
    expect(await apply(guarded(209, 'errorsAboveCvm'))).toMatchObject(tooShort);
    expect(await apply(guarded(119, 'throttles'))).toMatchObject(tooShort);
    expect((await apply(guarded(150))).ok).toBe(true);
  });

  describe('with guards on figures without a value', () => {
    const guards = (...measures: readonly GuardMeasure[]) =>
      measures.map((measure) => ({ measure, limit: 1, forS: 300, outcome: 'stop' as const }));
    const guarded = (...measures: readonly GuardMeasure[]) =>
      cutover(1, 2, { guards: guards('latency', ...measures) });
    const applyWith = (change: Partial<Settings>, wanted: Cutover | null) =>
      context.withSettings(change, () => schedule(wanted));
    const describeAnswer = (answer: Awaited<ReturnType<typeof schedule>>) =>
      answer.ok ? null : describeRefusal(answer.error);

    it('is refused, and names each guard, the setting, its value and what to do', async () => {
      const off = await applyWith(
        { SPILLWAY_PROBE_S: 0, SPILLWAY_TRAFFIC_S: 0 },
        guarded('notConverged', 'errorsAboveCvm', 'splitDeviation'),
      );
      expect(off).toMatchObject({
        error: {
          fields: {
            'cutover.guards.1.measure': ['guard.probesOff'],
            'cutover.guards.2.measure': ['guard.trafficOff'],
            'cutover.guards.3.measure': ['guard.trafficOff'],
          },
        },
      });
      expect(describeAnswer(off)).toMatchObject({
        status: 422,
        code: 'guard.unread',
        detail: 'Guard 2 (DNS answers that are not current) can never act: SPILLWAY_PROBE_S is 0.',
        fix: 'Set SPILLWAY_PROBE_S to 5 to 60 s, or remove the guard.',
        errors: [
          { field: 'cutover.guards.1.measure', detail: expect.stringContaining('SPILLWAY_PROBE_S is 0') },
          { field: 'cutover.guards.2.measure', detail: expect.stringContaining('SPILLWAY_TRAFFIC_S is 0') },
          { field: 'cutover.guards.3.measure' },
        ],
      });
      expect(
        describeAnswer(await applyWith({ SPILLWAY_TRAFFIC_S: 900 }, guarded('errorsAboveCvm'))),
      ).toMatchObject({
        detail:
          'Guard 2 (errors above the CVM side) has no value between two measurements: SPILLWAY_TRAFFIC_S is 900, and a measurement counts for 600 s.',
        fix: 'Set SPILLWAY_TRAFFIC_S to 10 to 600 s, or remove the guard.',
      });
      expect((await getSchedule()).cutovers).toEqual([]);
      expect((await schedule(guarded('notConverged', 'errorsAboveCvm', 'splitDeviation'))).ok).toBe(true);
    });

    it('on the share is accepted for a Switch, but not for a Split, while only DNS answers are read', async () => {
      const refuses = (settings: Pick<Settings, 'SPILLWAY_TRAFFIC_S' | 'SPILLWAY_PROBE_S'>) => {
        const found = checkGuards(guards('splitDeviation'), settings, 'cutover.guards', 'switch');
        return found.ok ? null : describeRefusal(found.error).detail;
      };
      expect(refuses({ SPILLWAY_TRAFFIC_S: 0, SPILLWAY_PROBE_S: 10 })).toBeNull();
      expect(refuses({ SPILLWAY_TRAFFIC_S: 900, SPILLWAY_PROBE_S: 0 })).toBe(
        'Guard 1 (difference from the planned share) has no value: SPILLWAY_TRAFFIC_S is 900, and SPILLWAY_PROBE_S is 0.',
      );
      expect(
        describeAnswer(await applyWith({ SPILLWAY_TRAFFIC_S: 0 }, guarded('splitDeviation'))),
      ).toMatchObject({
        detail: 'Guard 2 (difference from the planned share) can never act: SPILLWAY_TRAFFIC_S is 0.',
      });
    });

    it('is refused when it is applied at once with those of the policy', async () => {
      const policy = { ...defaultPolicy, guards: guards('agentFailures') };
      expect(await setPolicy({ ...policy, kind: 'sandbox', readAt: null })).toMatchObject({ ok: true });
      expect(describeAnswer(await applyWith({ SPILLWAY_PROBE_S: 0 }, null))).toMatchObject({
        status: 409,
        detail: 'Guard 1 of the policy (failed agent requests) can never act: SPILLWAY_PROBE_S is 0.',
        fix: 'Set SPILLWAY_PROBE_S to 5 to 60 s, or remove the guard from the policy in Settings.',
      });
      expect((await schedule(null)).ok).toBe(true);
    });

    it('stays scheduled if the settings change afterwards, and its run says so', async () => {
      const runId = await scheduled(guarded('notConverged'));
      const later = await context.withSettings({ SPILLWAY_PROBE_S: 0 }, async () => {
        // A new read, as of another process.
        await context.write(runId, {
          type: 'started',
          direction: 'apply',
          at: inHours(0),
          actor: 'local',
          attempt: 1,
        });
        return getRun(runId);
      });
      expect(later).toMatchObject({ stopped: null, figureIntervals: { trafficS: 60, probeS: 0 } });
      expect((await getSchedule()).cutovers).toMatchObject([{ runId, problems: [] }]);
    });
  });

  it('is refused with a T1 during the divert', async () => {
    const t0 = Date.now() + hour;
    const wanted = cutover(0, 0, {
      t0: new Date(t0).toISOString(),
      t1: new Date(t0 + 100).toISOString(),
    });
    expect(await schedule(wanted)).toMatchObject({
      ok: false,
      error: { fields: { 'cutover.t1': ['t1.tooSoon'] } },
    });
  });

  it('is refused during a change freeze, like applying at once, and accepted after the freeze is removed', async () => {
    expect(await addFreeze({ name: 'Bank settlement', span: freeze(-1, 2) })).toMatchObject({ ok: true });
    expect(await schedule(cutover(1, 3))).toMatchObject({
      ok: false,
      error: { fields: { 'cutover.t0': ['t0.frozen'] } },
    });
    expect(await schedule(null)).toMatchObject({
      ok: false,
      error: { form: { message: 'plan.frozen', values: { freeze: 'Bank settlement' } } },
    });
    const [window] = await listFreezes();
    expect(await removeFreeze(window?.id ?? 0)).toMatchObject({ ok: true });
    expect(await removeFreeze(window?.id ?? 0)).toMatchObject(refused('freeze.gone'));
    expect(await schedule(cutover(1, 3))).toMatchObject({ ok: true });
  });

  it('is refused if another one has the same objects at that time, and accepted otherwise', async () => {
    const first = await scheduled(cutover(2, 4));
    expect(await schedule(cutover(3, 5), 'Second')).toMatchObject({
      ok: false,
      error: { form: { message: 'run.overlap', values: { run: first } } },
    });
    // The other one rolls back hours later: its own prewarm starts after that.
    const later = await scheduled(cutover(8, 9), 'Third');
    // A cutover without T1 takes all the time from then on, and one applied at once takes all time.
    expect(await schedule(cutover(6, null), 'Fourth')).toMatchObject(refused('run.overlap'));
    expect(await schedule(null, 'Fifth')).toMatchObject(refused('run.overlap'));
    const { cutovers, conflicts } = await getSchedule();
    expect(cutovers.map(({ runId }) => runId)).toEqual([first, later]);
    expect(conflicts).toEqual([]);
  });

  it('is listed on the schedule with the times that its plan forecasts', async () => {
    const wanted = cutover(2, 4);
    const runId = await scheduled(wanted);
    const [shown] = (await getSchedule()).cutovers;
    invariant(shown !== undefined, 'it is on the schedule');
    expect(shown).toMatchObject({ runId, name: 'Flash split', connectionName: 'test', cutover: wanted });
    expect(Date.parse(wanted.t0) - Date.parse(shown.prewarmAt)).toBe(600_000);
    expect(Date.parse(shown.divertedAt)).toBeGreaterThan(Date.parse(wanted.t0));
    expect(Date.parse(shown.backAt ?? '')).toBeGreaterThan(Date.parse(wanted.t1 ?? ''));
  });

  it('does not conflict with its own run when its times are checked again', async () => {
    const wanted = cutover(2, 4);
    const runId = await scheduled(wanted);
    const [own] = (await getSchedule()).cutovers;
    invariant(own !== undefined && wanted.t1 !== null, 'it is on the schedule');
    const { planId } = own;
    const clock = { t0: wanted.t0, t1: wanted.t1, prewarmS: wanted.prewarmS };
    const otherRuns = async (id: PlanId) => {
      const checked = await checkClock({ planId: id, ...clock });
      invariant(checked.ok, `the clock is checked: ${JSON.stringify(checked)}`);
      return checked.value.findings.filter((finding) => JSON.stringify(finding).includes(runId));
    };
    expect(await otherRuns(planId)).toEqual([]);
    // Another plan on the same objects gets a finding about it.
    const other = await context.plan({ ...testSplit(), name: 'Other' });
    expect(await otherRuns(other.id)).not.toEqual([]);
  });

  it('is reported as a conflict if it runs longer than forecast', async () => {
    const first = await scheduled(cutover(2, 4));
    const second = await scheduled(cutover(8, 9), 'Later');
    const { db } = context;
    const stamp = { at: inHours(0), direction: 'apply' } as const;
    const events: readonly RunEvent[] = [
      { type: 'started', actor: 'local', attempt: 1, ...stamp },
      { type: 'stopped', stepId: null, reason: { kind: 'internal', message: 'x' }, ...stamp },
    ];
    for (const event of events) await db.insert(schema.runEvents).values({ runId: first, event });
    const { conflicts } = await getSchedule();
    expect(conflicts.map(({ runIds }) => runIds.toSorted())).toEqual([[first, second].toSorted()]);
  });
});

describe('a change freeze', () => {
  it.each([
    ['without a name', { name: ' ', span: freeze(1, 2) }, { name: ['name.missing'] }],
    ['with a long name', { name: 'x'.repeat(81), span: freeze(1, 2) }, { name: ['name.tooLong'] }],
    ['that ends before it begins', { name: 'x', span: freeze(2, 1) }, { 'span.to': ['freeze.endsBefore'] }],
    [
      'in an unknown zone',
      { name: 'x', span: { kind: 'daily', fromMinute: 0, toMinute: 60, zone: 'Mars/Base' } },
      { 'span.zone': ['zone.unknown'] },
    ],
    [
      'at no time of day',
      { name: 'x', span: { kind: 'daily', fromMinute: Number.NaN, toMinute: 60, zone: 'UTC' } },
      { 'span.fromMinute': ['freeze.minute'] },
    ],
  ] as const)('%s is refused at its field', async (_, input, fields) => {
    expect(await addFreeze(input)).toMatchObject({ ok: false, error: { fields } });
    expect(await listFreezes()).toEqual([]);
  });
});

describe('pausing all changes', () => {
  it('requires a reason', async () => {
    expect(await setEmergencyStop({ reason: ' ' })).toMatchObject({
      ok: false,
      error: { fields: { reason: ['reason.missing'] } },
    });
    expect(await getEmergencyStop()).toEqual({ stop: null, log: [] });
  });

  it('prevents starts and retries until changes are resumed, and returns the actor', async () => {
    const runId = await scheduled(cutover(2, 4));
    const { db } = context;
    const stamp = { at: inHours(0), direction: 'apply' } as const;
    const events: readonly RunEvent[] = [
      { type: 'started', actor: 'local', attempt: 1, ...stamp },
      { type: 'gate', gate: 'prewarm', due: inHours(1), ...stamp },
    ];
    for (const event of events) await db.insert(schema.runEvents).values({ runId, event });

    expect(await setEmergencyStop({ reason: 'Strange answers' })).toEqual({ ok: true, value: { paused: 1 } });
    expect(await getEmergencyStop()).toMatchObject({ stop: { actor: 'local', reason: 'Strange answers' } });
    expect(await getSchedule()).toMatchObject({ stop: { reason: 'Strange answers' } });
    for (const wanted of [null, cutover(8, 9)])
      expect(await schedule(wanted, 'Other')).toMatchObject({
        ok: false,
        error: {
          form: { message: 'emergencyStop.stopped', values: { actor: 'local', reason: 'Strange answers' } },
        },
      });
    expect(await setEmergencyStop({ reason: 'Again' })).toMatchObject(refused('emergencyStop.stopped'));

    const paused: RunEvent = {
      type: 'paused',
      actor: 'local',
      reason: 'Strange answers',
      by: 'emergencyStop',
      ...stamp,
    };
    await db.insert(schema.runEvents).values({ runId, event: paused });
    const resume = () => commandRun({ runId, command: 'continue', reason: '', typedDomain: null });
    expect(await resume()).toMatchObject(refused('emergencyStop.stopped'));
    expect(await clearEmergencyStop({ reason: '' })).toMatchObject({
      ok: false,
      error: { fields: { reason: ['reason.missing'] } },
    });
    expect(await clearEmergencyStop({ reason: 'All clear' })).toEqual({ ok: true, value: { resumed: 1 } });
    expect(await clearEmergencyStop({ reason: 'Again' })).toMatchObject(refused('emergencyStop.running'));
    expect(await getEmergencyStop()).toMatchObject({
      stop: null,
      log: [
        { action: 'resume', actor: 'local', reason: 'All clear' },
        { action: 'pause', actor: 'local', reason: 'Strange answers' },
      ],
    });
    expect(await resume()).toMatchObject({ ok: true });
    expect(await schedule(cutover(8, 9), 'Other')).toMatchObject(refused('run.overlap'));
  });
});
