import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { runAttempts, runs, switches } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { invariant } from '@/lib/invariant';
import type { ScriptSettings } from '@/lib/plan/failover-script/failover-script';
import { planHash } from '@/lib/plan/model/hash';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { planRestore } from '@/lib/plan/plan-restore';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { getRail } from '@/lib/server/operations/get-rail';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { getRun } from '@/lib/server/runs/get-run';
import { storePlan } from '@/lib/store/plans/make-plan';
import { recordSwitchMove } from '@/lib/store/plans/store-run';
import { loadRun } from '@/lib/store/runs/load-run';
import { storedValidator } from '@/lib/worker/runs/stored-validator';
import {
  testBound,
  testEstate,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { testWrittenIds } from '@/testing/run/test-written-ids';
import { testContext } from '@/testing/server/test-context';
import { addSwitch, enableFailover } from './change-switches';
import { exportSwitchScript } from './export-switch-script';
import { getSwitchboard } from './get-switchboard';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] }));
});

async function put(): Promise<string> {
  const input = { connectionId: 'test', diversion: testSwitch(), policy: defaultFailover };
  const added = await addSwitch(input);
  invariant(added.ok, `it is on the board: ${JSON.stringify(added)}`);
  return added.value.switchId;
}
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Stores the run of an applied plan. */
async function run(diversion: object, by: string, t0: string | null = null): Promise<RunId> {
  const { id } = await context.plan(diversion);
  return storeRun(id, by, t0);
}
async function storeRun(planId: PlanId, by: string, t0: string | null = null): Promise<RunId> {
  const clock = { prewarmS: 60, t1: null, zone: 'UTC', guards: [] };
  const cutover: Cutover | null = t0 === null ? null : { ...clock, t0, missedT0: { kind: 'skip' } };
  const [row] = await context.db.insert(runs).values({ planId, createdBy: by, cutover }).returning();
  const runId = RunId.parse(row?.id);
  await context.db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: by });
  return runId;
}

/** Returns the events of a run that has just completed all writes of a plan in one direction. */
function doneSteps(plan: Plan, direction: Direction): readonly RunEvent[] {
  const done = { type: 'stepDone', outcome: 'applied', requestId: 'q1', durationMs: 1, direction } as const;
  return (direction === 'apply' ? plan.steps : plan.rollback).flatMap((step): RunEvent[] =>
    step.kind === 'write'
      ? [{ ...done, ...testWrittenIds(step), stepId: step.id, at: new Date().toISOString() }]
      : [],
  );
}

describe('the board', () => {
  it('returns the reason for each Switch without a script', async () => {
    await put();
    const why = async () => (await getSwitchboard()).switches[0]?.noScript;
    expect(await why()).toBe('switch.script.notBound');
    await context.db.update(switches).set({
      policy: { ...defaultFailover, capacity: [{ measure: 'throttles', limit: 0 }] },
    });
    expect(await why()).toBe('switch.script.capacity');
    await context.connect('test', 'sandbox', testEstate({ loadBalancers: [] }));
    await context.db.update(switches).set({ policy: defaultFailover });
    expect(await why()).toBe('switch.script.sideGone');
  });

  it('lists the last moves with their actors, newest first, and no future ones', async () => {
    const byHand = await run(testSwitch({ ramp: [40] }), 'sari');
    const byClock = await run(testSwitch(), 'sari', inHours(-1));
    await run(testSwitch(), 'sari', inHours(1));
    // Other plans are not moves of a Switch.
    await run(testSplit({ rule: { kind: 'new', url: '/other' } }), 'sari');
    const byItself = await run(testSwitch(), 'failover');
    const at = inHours(0);
    await context.write(byItself, { type: 'started', actor: 'failover', attempt: 1, at, direction: 'apply' });
    const { moves } = await getSwitchboard();
    const name = { domain: 'flash.example.co.id', toward: 'function' };
    expect(moves).toMatchObject([
      { runId: byItself, by: 'failover', state: 'applying', percent: 100, ...name },
      { runId: byHand, by: 'manual', actor: 'sari', state: 'queued', percent: 40, ...name },
      { runId: byClock, by: 'clock', actor: 'sari', ...name },
    ]);
    expect(Math.abs(Date.parse(moves[2]?.at ?? '') - Date.parse(inHours(-1)))).toBeLessThan(60_000);
  });

  it('allows moving a Switch back right after its move, before any sync', async () => {
    const records = [testRecord(12, 'flash', '127.77.1.1')];
    await context.connect('test', 'sandbox', testEstate({ records, takenAt: inHours(-0.1) }));
    const moved = await context.plan(testSwitch());
    const runId = await storeRun(moved.id, 'sari');
    await context.write(runId, ...doneSteps(moved.plan, 'apply'), {
      type: 'finished',
      result: 'done',
      at: inHours(0),
      direction: 'apply',
    });
    const back = await context.plan(testSwitch({ toward: 'cvm' }));
    const answers = back.plan.steps.flatMap((step) =>
      step.kind === 'write' && step.after.kind === 'recordSet'
        ? [step.after.records.filter(({ enabled }) => enabled).map(({ value }) => value)]
        : [],
    );
    expect(answers.at(-1)).toEqual(['127.77.1.1']);
    const applied = await applyPlan({ planId: back.id, hash: back.hash });
    invariant(applied.ok, `it is applied: ${JSON.stringify(applied)}`);
    const run = await loadRun(context.db, applied.value.runId);
    invariant(run !== null, 'the run is stored');
    const validator = storedValidator({ db: context.db, sync: async () => {}, keepAliveS: 0 }, run);
    expect(await validator.check(false)).toEqual([]);
  });

  it('shows the new side right after the failover, and the old one after its rollback', async () => {
    const records = [testRecord(12, 'flash', '127.77.1.1')];
    await context.connect('test', 'sandbox', testEstate({ records, takenAt: inHours(-1) }));
    const id = await put();
    const runId = await run(testSwitch(), 'failover');
    await context.db
      .update(switches)
      .set({ state: 'failedOver', lastRunId: runId })
      .where(eq(switches.id, id));
    const shown = async () => {
      const [only] = (await getSwitchboard()).switches;
      return [only?.serving, only?.sides?.cvm.share, only?.sides?.function.share];
    };
    expect(await shown()).toEqual(['cvm', 100, 0]);
    const plan = (await getRun(runId))?.plan;
    invariant(plan !== undefined, 'the run is stored');
    const done = (direction: Direction) => doneSteps(plan, direction);
    await context.write(runId, ...done('apply'));
    expect(await shown()).toEqual(['function', 0, 100]);
    await context.write(runId, ...done('rollback'));
    expect(await shown()).toEqual(['cvm', 100, 0]);
    // A newer snapshot takes precedence.
    await context.write(runId, ...done('apply'));
    await context.connect('test', 'sandbox', testEstate({ records, takenAt: inHours(0.1) }));
    expect(await shown()).toEqual(['cvm', 100, 0]);
  });

  describe('of a name whose TTL a run has lowered', () => {
    const bound = { namespace: 'flash', name: 'storefront', qualifier: '1', qualifierType: 'VERSION' };
    const rules = [
      testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()] }),
      testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [{ ...bound, weight: 10 }] }),
    ];

    async function lower(): Promise<string> {
      const at = (ttlS: number, hours: number) =>
        testEstate({
          rules,
          records: [testRecord(12, 'flash', '127.77.1.1', { ttlS })],
          takenAt: inHours(hours),
        });
      await context.connect('test', 'sandbox', at(600, -2));
      const id = await put();
      const { plan, id: planId } = await context.plan({ ...testSwitch(), lowerTtlS: 60 });
      const runId = await storeRun(planId, 'sari');
      const prewarm = { ...plan, steps: plan.steps.filter(({ phase }) => phase === 'prewarm') };
      const at0 = { at: inHours(-1.5), direction: 'apply' } as const;
      await context.write(
        runId,
        { type: 'started', actor: 'sari', attempt: 1, ...at0 },
        ...doneSteps(prewarm, 'apply'),
      );
      await context.connect('test', 'sandbox', at(60, -1));
      return id;
    }

    it('counts the writes of the plan that a move would get', async () => {
      await lower();
      const [only] = (await getSwitchboard()).switches;
      const { plan } = await context.plan(testSwitch());
      const writes = plan.steps.filter(({ kind }) => kind === 'write');
      expect(writes.filter(({ phase }) => phase === 'drain')).toHaveLength(2);
      expect(only?.previews?.function.writes.flip).toBe(writes.length);
    });

    it('exports a script that restores the TTL once old answers have expired', async () => {
      const made = await exportSwitchScript(await lower());
      invariant(made.ok, `there is a script: ${JSON.stringify(made)}`);
      const [, json = ''] = /^const settings = (\{.*?^\});$/ms.exec(made.value.text) ?? [];
      const { lines, drainS }: ScriptSettings = JSON.parse(json);
      expect(drainS).toBeGreaterThanOrEqual(60);
      const [line] = lines;
      expect(line?.states.at(-1)?.map(({ ttlS }) => ttlS)).toEqual([600, 600]);
      expect(line?.calls.slice(line.moves).map(({ action }) => action)).toEqual([
        'ModifyRecordFields',
        'ModifyRecordFields',
      ]);
    });
  });

  it('does not count restoring a move as a move', async () => {
    const id = await put();
    const moved = await run(testSwitch(), 'sari');
    await context.db.update(switches).set({ state: 'failedOver', lastRunId: moved });
    const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1', { ttlS: 300 })] });
    const set = { zone: 'example.co.id', subdomain: 'flash', lineId: '0', line: '默认' };
    const record = { type: 'A', value: '127.77.1.1', ttlS: 60, weight: null, enabled: true };
    const planned = planRestore({
      estate,
      diversion: testSwitch(),
      keepAliveS: 0,
      restores: [{ object: { kind: 'recordSet', ...set }, state: { kind: 'recordSet', records: [record] } }],
    });
    invariant(planned.ok, 'it can be restored');
    const plan = planned.value;
    const restoring = await storeRun(
      await storePlan({ plan, hash: await planHash(plan), estate }, { name: 'local', accountId: null }),
      'sari',
    );
    await recordSwitchMove(context.db, plan, { runId: restoring, actor: { name: 'sari', accountId: null } });
    const { moves, switches: all } = await getSwitchboard();
    expect(moves.map(({ runId }) => runId)).toEqual([moved]);
    expect(all).toMatchObject([{ id, state: 'failedOver', lastRun: { id: moved } }]);
  });

  it('counts enabled failovers and failed-over Switches for the navigation', async () => {
    expect(await getRail()).toMatchObject({ alerts: { switches: { open: 0 } }, failoverEnabled: 0 });
    const id = await put();
    await context.db.update(switches).set({ state: 'enabled' });
    expect(await getRail()).toMatchObject({ alerts: { switches: { open: 0 } }, failoverEnabled: 1 });
    await context.db.update(switches).set({ state: 'failedOver' }).where(eq(switches.id, id));
    expect(await getRail()).toMatchObject({ alerts: { switches: { open: 1 } }, failoverEnabled: 0 });
  });
});

it('refuses failover that could not move traffic, and names the check that blocks the move', async () => {
  const sides = (cvm: object) => [
    testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()], ...cvm }),
    testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [testBound] }),
  ];
  const records = [testRecord(12, 'flash', '127.77.1.2')];
  const enable = async (given: Parameters<typeof testEstate>[0]) => {
    await context.clear();
    await context.connect('test', 'sandbox', testEstate({ records, ...given }));
    const answer = await enableFailover({ switchId: await put(), policy: defaultFailover });
    const [row] = await context.db.select().from(switches);
    return [row?.state, answer.ok ? null : answer.error.form?.message];
  };
  expect(await enable({ rules: sides({}) })).toEqual(['enabled', null]);
  expect(await enable({ rules: sides({ targets: [] }) })).toEqual(['disabled', 'switch.failoverBlocked']);
  expect(await enable({ rules: sides({}).slice(1) })).toEqual(['disabled', 'switch.failoverMissing']);
});

it.each([
  ['sandbox', '8.8.8.8', 'vantage.notSandbox'],
  ['tencent', '127.0.0.1:53', 'vantage.notPublic'],
  ['tencent', '10.0.0.2', 'vantage.notPublic'],
  ['tencent', '[::ffff:169.254.169.254]:53', 'vantage.notPublic'],
  ['tencent', '8.8.8.8:99999', 'vantage.resolver'],
] as const)(
  'refuses a Switch of a %s account that probes %s, at the field',
  async (kind, resolver, message) => {
    await context.clear();
    const id = `of-${kind}`;
    await context.connect(id, kind, testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] }));
    const vantages = [{ kind: 'address' }, { kind: 'name', resolver }] as const;
    const policy = { ...defaultFailover, vantages };
    const refused = await addSwitch({ connectionId: id, diversion: testSwitch(), policy });
    const at = message === 'vantage.resolver' ? 'policy.vantages.1.resolver' : 'policy.vantages.1';
    expect(refused).toMatchObject({ ok: false, error: { fields: { [at]: expect.anything() } } });
    expect(JSON.stringify(refused)).toContain(message);

    const added = await addSwitch({ connectionId: id, diversion: testSwitch(), policy: defaultFailover });
    invariant(added.ok, `it is added: ${JSON.stringify(added)}`);
    const enabled = await enableFailover({ switchId: added.value.switchId, policy });
    expect(JSON.stringify(enabled)).toContain(message);
  },
);
