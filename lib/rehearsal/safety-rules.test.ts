import { describe, expect, it } from 'vitest';
import type { Cutover } from '@/lib/diversion/cutover';
import type { StepId } from '@/lib/plan/model/model';
import type { SafetyFacts } from '@/lib/safety/safety-facts';
import { type GateState, SafetyRule, type StoredSafetyRule } from '@/lib/safety/safety-rule';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate } from '@/testing/plan/test-estate';
import { RehearsedRun } from '@/testing/rehearsal/rehearsed-run';
import type { MemoryWorker, PlaceHook } from './memory-worker';
import { VirtualClock } from './virtual-clock';

/* Runs whose writes are judged by safety rules, on a virtual clock: the same judge as that of a worker. */

const t0 = Date.parse('2026-12-12T00:00:00Z');
const minute = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();
const estate = testEstate();
const plan = createTestPlan({ estate });
const writes = plan.steps.filter((step) => step.kind === 'write').map(({ id }) => id);
const [firstWrite, secondWrite] = writes;
const findPhase = (id: StepId | null) => plan.steps.find((step) => step.id === id)?.phase;

const cutover: Cutover = {
  t0: iso(t0),
  prewarmS: 600,
  t1: iso(t0 + 120 * minute),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [],
};

const stored = (rule: object, gate: GateState | null = null): StoredSafetyRule => ({
  id: 1,
  rule: SafetyRule.parse({ name: 'Sale', match: { domains: ['flash.*'] }, ...rule }),
  gate,
});
const never = stored({ kind: 'protected', approvals: null });
const on: GateState = { isOn: true, by: 'sari', reason: 'released', at: iso(t0) };

/** A run and the rules in force, which a test may change at any time. */
function rehearse(schedule: Cutover | null, rules: readonly StoredSafetyRule[] = []) {
  const run = new RehearsedRun(plan, schedule, new VirtualClock(new Date(t0 - 30 * minute)));
  const inForce = { rules };
  const facts = (): SafetyFacts => ({
    ...inForce,
    freezes: [],
    isPaused: false,
    otherRuns: [],
    approvals: 0,
    pastWrites: [],
    isFailover: false,
  });
  run.judgeWrites(estate, facts);
  const addAfterFirst = (rule: StoredSafetyRule) => {
    run.onEvent = (event) => {
      if (event.type === 'stepDone' && event.stepId === firstWrite) inForce.rules = [rule];
    };
  };
  return { run, inForce, addAfterFirst };
}

const stoppedBy = (why: string) => ({
  state: 'stopped',
  stopped: { reason: { kind: 'invalid', problems: [{ kind: 'safetyRule', values: { rule: 'Sale', why } }] } },
});

describe('a rule', () => {
  it('that is added during a run stops its next write, and T1 rolls back in spite of it', async () => {
    const { run, addAfterFirst } = rehearse(cutover);
    addAfterFirst(never);
    let view: unknown = null;
    run.clock.after(60 * minute, () => {
      view = run.view();
    });
    expect(await run.go('apply')).toBe('rolledBack');
    expect(view).toMatchObject(stoppedBy('never'));
    expect(run.engine.events.find(({ type }) => type === 'rollback')).toMatchObject({ at: cutover.t1 });
    const stopped = run.engine.events.find((event) => event.type === 'stopped');
    expect(stopped).toMatchObject({ stepId: secondWrite });
  });

  it('with a gate lets a retry continue once the gate is on', async () => {
    const gate = { kind: 'gating', condition: 'gate' };
    const { run, inForce } = rehearse(null, [stored(gate)]);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view()).toMatchObject({ ...stoppedBy('gate'), stopped: { stepId: firstWrite } });
    expect(run.cloud.effects).toEqual([]);
    inForce.rules = [stored(gate, on)];
    expect(await run.go('apply')).toBe('done');
    inForce.rules = [stored(gate)];
    expect(await run.go('rollback'), 'a rollback is not judged').toBe('rolledBack');
  });

  it('of hours allows prewarm before midnight, and refuses the divert that would be after it', async () => {
    const windows = [{ kind: 'daily', fromMinute: 23 * 60, toMinute: 24 * 60, zone: 'UTC' }];
    const { run } = rehearse({ ...cutover, t1: null }, [stored({ kind: 'hours', windows })]);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view()).toMatchObject(stoppedBy('hours'));
    expect(findPhase(run.view().stopped?.stepId ?? null)).toBe('divert');
    expect(run.cloud.effects.length).toBeGreaterThan(0);
  });

  it('that asserts a side refuses the write that ends it, and none before', async () => {
    const serves = (sides: string) =>
      stored({
        kind: 'assertion',
        match: { domains: ['flash.example.co.id'] },
        sides,
        over: 'eachDomain',
        requirement: { kind: 'atLeast', count: 1 },
      });
    expect(await rehearse(null, [serves('either')]).run.go('apply')).toBe('done');
    const { run } = rehearse(null, [serves('cvm')]);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view()).toMatchObject(stoppedBy('atLeast'));
    expect(findPhase(run.view().stopped?.stepId ?? null)).toBe('divert');
  });
});

/** Lists the places that an apply reaches, with a rule that is added after its first write. */
async function listPlaces(): Promise<readonly string[]> {
  const { run, addAfterFirst } = rehearse(null);
  addAfterFirst(never);
  const places: string[] = [];
  await run.go('apply', (place) => void places.push(place));
  return places;
}

describe('a worker that is killed while a rule is added', () => {
  it('at any point: the run is stopped before the same write, nothing is done twice, and it rolls back', async () => {
    const places = await listPlaces();
    expect(places.length).toBeGreaterThan(30);
    for (const index of places.keys()) {
      const { run, addAfterFirst } = rehearse(null);
      addAfterFirst(never);
      let reached = -1;
      const kill: PlaceHook = (_, worker: MemoryWorker) => {
        reached += 1;
        if (reached === index) worker.die();
      };
      const where = `${index} ${places[index]}`;
      expect(await run.go('apply', kill), where).toBe('stopped');
      expect(run.view(), where).toMatchObject({ ...stoppedBy('never'), stopped: { stepId: secondWrite } });
      expect(run.cloud.effects, where).toEqual([firstWrite]);
      // A process that dies between the stop and its record repeats it.
      const stops = run.engine.events.flatMap((event) => (event.type === 'stopped' ? [event.stepId] : []));
      expect(new Set(stops), where).toEqual(new Set([secondWrite]));
      expect(await run.go('rollback'), where).toBe('rolledBack');
    }
  });
});
