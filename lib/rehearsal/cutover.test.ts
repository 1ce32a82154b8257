import { describe, expect, it } from 'vitest';
import { type Cutover, defaultGuards, type Guard } from '@/lib/diversion/cutover';
import { PlanSchema } from '@/lib/plan/export/plan-schema';
import { type Plan, PlanId, type StepId, type WriteStep } from '@/lib/plan/model/model';
import { execute } from '@/lib/run/executor';
import { foldRun } from '@/lib/run/model/fold-run';
import type { LiveCommand, PausedBy, Problem, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { RehearsalCloud } from '@/testing/rehearsal/test-cloud';
import { MemoryEngine, type MemoryWorker, type PlaceHook } from './memory-worker';
import { VirtualClock } from './virtual-clock';

/* Runs whole cutovers on a virtual clock: hours pass at once, and a worker may die at any point. */

const t0 = Date.parse('2026-12-12T00:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
const minute = 60_000;

function rampPlan(): Plan {
  const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] });
  return createTestPlan({ estate, diversion: testSwitch({ ramp: [10, 50, 100] }) });
}

function loweredPlan(): Plan {
  const diversion = { ...testSplit(), lowerTtlS: 30 };
  return createTestPlan({ diversion });
}

const onClock = (change: Partial<Cutover> = {}): Cutover => ({
  t0: iso(t0),
  prewarmS: 600,
  t1: iso(t0 + 120 * minute),
  zone: 'Asia/Jakarta',
  missedT0: { kind: 'skip' },
  guards: [...defaultGuards],
  ...change,
});

type Scene = {
  readonly plan?: Plan;
  readonly unsetWeight?: ConstructorParameters<typeof RehearsalCloud>[2];
  readonly cutover?: Cutover | null;
  /** Of a run without a schedule; otherwise those of the schedule. */
  readonly guards?: readonly Guard[];
  /** The start of the run, before T0. */
  readonly startMs?: number;
  /** Actions by time after T0, in ms. */
  readonly script?: readonly (readonly [
    number,
    (scene: {
      send: (c: LiveCommand, by?: PausedBy, attempt?: number) => void;
      /** Requests a check, as a change of what it reads does. */
      requestCheck: () => void;
      cloud: RehearsalCloud;
      rollBack: () => void;
    }) => void,
  ])[];
  /** The problems that a check finds; `refreshes` is false in a requested one. */
  readonly problems?: (refreshes: boolean) => readonly Problem[];
  /** The safety rules that refuse a write. */
  readonly refuses?: (step: WriteStep) => readonly Problem[];
  readonly at?: PlaceHook;
  /** The interval in which the process is frozen, in ms after T0. */
  readonly stoppedTime?: readonly [number, number];
  /** True if a person rolls it back once it has ended. */
  readonly thenRollback?: boolean;
  /** True if a process that dies loses the engine's records, as when a newer version recovers the run. */
  readonly forgets?: boolean;
};

/** Plays a run to its end. Each process that dies is followed by another. */
async function play({
  plan = createTestPlan(),
  cutover = onClock(),
  guards = cutover?.guards ?? [],
  startMs = -30 * minute,
  script = [],
  ...scene
}: Scene) {
  const clock = new VirtualClock(new Date(t0 + startMs));
  const engine = new MemoryEngine(clock);
  const cloud = new RehearsalCloud(plan, clock, scene.unsetWeight);
  const check = async (_begun: boolean, refreshes = true) => scene.problems?.(refreshes) ?? [];
  const validator = {
    check,
    checkRights: async () => [],
    checkWrite: async (step: WriteStep) => scene.refuses?.(step) ?? [],
  };
  const send = (command: LiveCommand, by?: PausedBy, attempt = 1) => {
    const message = { id: `${command} ${clock.elapsedMs()}`, command, actor: 'sari', reason: 'because' };
    engine.send(attempt, by === undefined ? message : { ...message, by });
  };
  const requestCheck = () => engine.send(1, { command: 'check' });
  /** The result of an attempt that rolls back, where the script begins one. */
  let rolledBack: Promise<Awaited<ReturnType<typeof execute>>> | null = null;
  const beginRollBack = () => {
    const worker = engine.begin(2, { ...cloud.outer, validator });
    const input = { plan, cutover, guards, direction: 'rollback', attempt: 2, actor: 'test' } as const;
    rolledBack = execute(input, worker.ports);
  };
  for (const [ms, act] of script)
    clock.after(ms - startMs, () => act({ send, requestCheck, cloud, rollBack: beginRollBack }));
  const [from, until] = scene.stoppedTime ?? [0, 0];
  const at: PlaceHook = async (place, worker) => {
    const now = clock.now().getTime() - t0;
    if (now >= from && now < until) await clock.sleepUntil(new Date(t0 + until));
    await scene.at?.(place, worker);
  };
  const live = async () => {
    for (;;) {
      const worker = engine.begin(1, { ...cloud.outer, validator }, at);
      const input = { plan, cutover, guards, direction: 'apply', attempt: 1, actor: 'test' } as const;
      const ended = await Promise.race([execute(input, worker.ports), worker.died.then(() => null)]);
      if (ended !== null) return ended;
      if (scene.forgets) engine.forget(1);
    }
  };
  const rollBack = async () => {
    await live();
    const worker = engine.begin(2, { ...cloud.outer, validator }, at);
    return execute({ plan, cutover, guards, direction: 'rollback', attempt: 2, actor: 'test' }, worker.ports);
  };
  const whole = async () => {
    // The earlier attempt ends when it finds that it is fenced off.
    const ended = await (scene.thenRollback ? rollBack() : live()).catch((cause: unknown) => {
      if (rolledBack === null) throw cause;
      return null;
    });
    return rolledBack ?? ended;
  };
  const result = await clock.run(whole());
  const view = foldRun({
    id: RunId.parse('R-1'),
    planId: PlanId.parse('P-1'),
    plan,
    connectionKind: 'sandbox',
    cutover,
    guards,
    events: engine.events,
    attempts: [{ attempt: 1, direction: 'apply', actor: 'test', reason: '', requestedAt: iso(t0) }],
  });
  return { result, view, cloud, engine, events: engine.events };
}

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
const all = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is Of<T> => event.type === type);
const sinceT0 = (event: RunEvent | undefined) => (Date.parse(event?.at ?? '') - t0) / 1000;

describe('a scheduled cutover', () => {
  it('prewarms before T0, moves at T0, holds, rolls back at T1 and drains', async () => {
    const { result, view, cloud, events } = await play({});
    expect(result).toBe('rolledBack');
    expect(view).toMatchObject({
      state: 'rolledBack',
      latenessMs: 0,
      rollbackReason: { why: { kind: 'T1' } },
    });
    const intents = all(events, 'intent');
    const stepPhase = (id: StepId) => view.plan.steps.find((step) => step.id === id)?.phase;
    expect(sinceT0(intents.find((event) => stepPhase(event.stepId) === 'prewarm'))).toBe(-600);
    expect(sinceT0(intents.find((event) => stepPhase(event.stepId) === 'divert'))).toBe(0);
    expect(sinceT0(all(events, 'rollback')[0])).toBe(7200);
    const unbound = intents.find(
      (event) => event.direction === 'rollback' && event.action.startsWith('Deregister'),
    );
    const back = all(events, 'stepDone').find((event) => event.direction === 'rollback');
    expect(sinceT0(unbound) - sinceT0(back)).toBeGreaterThanOrEqual(60 + 75);
    expect(new Set(cloud.effects).size).toBe(cloud.effects.length);
    for (const step of view.plan.steps) if (step.kind === 'write') expect(cloud.effects).toContain(step.id);
  });

  it('stays in effect when it has no T1', async () => {
    const { result, view } = await play({ cutover: onClock({ t1: null }) });
    expect(result).toBe('done');
    expect(view.state).toBe('done');
  });

  it('is stopped before prewarm writes anything when someone has changed the record that it moves', async () => {
    const { view, cloud, events } = await play({
      cutover: onClock({ t1: null }),
      script: [[-15 * minute, ({ cloud }) => cloud.edit('recordSet/flash.example.co.id/0')]],
    });
    expect(view).toMatchObject({ state: 'stopped', stopped: { reason: { kind: 'drift' } } });
    expect(sinceT0(all(events, 'stopped')[0])).toBe(-600);
    expect(all(events, 'intent')).toEqual([]);
    expect(cloud.effects).toEqual([]);
  });

  it('is stopped at T0 when a record is changed during prewarm', async () => {
    const { view } = await play({
      cutover: onClock({ t1: null }),
      script: [[-5 * minute, ({ cloud }) => cloud.edit('recordSet/flash.example.co.id/0')]],
    });
    expect(view).toMatchObject({ state: 'stopped', stopped: { reason: { kind: 'drift' } } });
    expect(view.apply.some(({ step, state }) => step.phase === 'prewarm' && state === 'done')).toBe(true);
  });

  describe('a TTL that was lowered', () => {
    const planned = createTestPlan({
      estate: testEstate({ records: [{ ...testRecord(12, 'flash', '127.77.1.1'), ttlS: 600 }] }),
      diversion: { ...testSplit(), lowerTtlS: 30 },
    });
    const plan = planned;
    const restore = plan.steps.find((step) => step.kind === 'write' && step.phase === 'drain');
    const move = plan.steps.find((step) => step.kind === 'write' && step.phase === 'divert');

    it('is restored by a move that stays, once old answers and connections have expired', async () => {
      const { result, view, events } = await play({ plan, cutover: onClock({ t1: null }) });
      expect(result).toBe('done');
      expect(view.apply.at(-1)).toMatchObject({
        state: 'done',
        step: { after: { records: [{ ttlS: 600 }] } },
      });
      const moved = all(events, 'stepDone').find(({ stepId }) => stepId === move?.id);
      const intent = all(events, 'intent').find(({ stepId }) => stepId === restore?.id);
      expect(sinceT0(intent) - sinceT0(moved)).toBeGreaterThanOrEqual(30 + 75);
    });

    it('is restored only by the rollback if there is a T1', async () => {
      const { result, view, events, cloud } = await play({ plan });
      expect(result).toBe('rolledBack');
      expect(view.apply.map(({ step }) => step.phase)).not.toContain('drain');
      expect(view.rollback.map(({ outcome }) => outcome)).not.toContain('notOurs');
      expect(cloud.effects).not.toContain(restore?.id);
      const drained = all(events, 'waiting').find(({ direction }) => direction === 'rollback');
      expect(Date.parse(drained?.until ?? '') - Date.parse(drained?.at ?? '')).toBeLessThan((30 + 76) * 1000);
    });

    describe('that an earlier run of the diversion lowered', () => {
      const set = {
        kind: 'recordSet',
        zone: 'example.co.id',
        subdomain: 'flash',
        lineId: '0',
        line: '默认',
      } as const;
      const again = createTestPlan({
        estate: testEstate({ records: [{ ...testRecord(12, 'flash', '127.77.1.1'), ttlS: 30 }] }),
        diversion: { ...testSplit(), lowerTtlS: 30 },
        originalTtls: [
          { set, record: { type: 'A', value: '127.77.1.1' }, loweredS: 30, ttlS: 600, cachedS: 400 },
        ],
      });
      const replanned = again;

      it('is waited for, and restored by a move that stays', async () => {
        expect(PlanSchema.safeParse(replanned).error).toBeUndefined();
        const { result, view, events } = await play({ plan: replanned, cutover: onClock({ t1: null }) });
        expect(result).toBe('done');
        const waited = all(events, 'waiting').at(0);
        expect(Date.parse(waited?.until ?? '') - Date.parse(waited?.at ?? '')).toBeGreaterThan(399_000);
        expect(view.apply.at(-1)).toMatchObject({
          state: 'done',
          step: { after: { records: [{ ttlS: 600 }] } },
        });
      });

      it('is restored at T1, as the last step', async () => {
        const { result, view } = await play({ plan: replanned });
        expect(result).toBe('rolledBack');
        expect(view.rollback.at(-1)).toMatchObject({
          state: 'done',
          outcome: 'applied',
          step: {
            before: { records: [{ ttlS: 30 }] },
            after: { records: [{ ttlS: 600, value: '127.77.1.1' }] },
          },
        });
      });

      it('is not restored by a run that has moved nothing', async () => {
        const { view } = await play({
          plan: replanned,
          script: [[-1 * minute, ({ send }) => send('rollback')]],
        });
        expect(view.state).toBe('rolledBack');
        expect(view.rollback.at(-1)).toMatchObject({ outcome: 'notOurs' });
      });
    });

    it('makes a rollback wait for it after it was restored', async () => {
      const { result, events } = await play({
        plan,
        cutover: onClock({ t1: null }),
        thenRollback: true,
      });
      expect(result).toBe('rolledBack');
      const drained = all(events, 'waiting').at(-1);
      expect(Date.parse(drained?.until ?? '') - Date.parse(drained?.at ?? '')).toBeGreaterThan(
        (600 + 70) * 1000,
      );
    });
  });

  it('checks the waiting plan every 5 minutes, every minute in the last half hour, and right before', async () => {
    const checks: number[] = [];
    const at: PlaceHook = (place) => void (place === 'before check' && checks.push(0));
    await play({ startMs: -130 * minute, at });
    // Two hours before prewarm: 90 minutes with a check every 5 minutes, 30 with one every minute, then the last check;
    // the same for the ten minutes to T0.
    expect(checks.length).toBeGreaterThanOrEqual(18 + 30 + 10);
    expect(checks.length).toBeLessThanOrEqual(18 + 30 + 10 + 6);
  });

  it('checks a plan that waits for days every hour, and every 15 minutes in the last day', async () => {
    const checks: number[] = [];
    const at: PlaceHook = (place) => void (place === 'before check' && checks.push(0));
    await play({ startMs: -(3 * 1440 + 10) * minute, at });
    // Three days before prewarm: 48 checks, 22 hours with 4 each, 18 in 90 minutes, 30, and the ten minutes to T0.
    expect(checks.length).toBeGreaterThanOrEqual(48 + 88 + 18 + 30 + 10);
    expect(checks.length).toBeLessThanOrEqual(48 + 88 + 18 + 30 + 10 + 8);
  });

  describe('whose conditions change while it waits', () => {
    const frozen = { kind: 'frozen', values: { freeze: 'Year end' } };
    /** Plays a run with a freeze between two instants, in ms after T0, each of which requests a check. */
    const playFrozen = async (from: number, until: number, scene: Scene = {}) => {
      let isFrozen = false;
      const requested: number[] = [];
      const set = (to: boolean) => (by: { requestCheck: () => void }) => {
        isFrozen = to;
        by.requestCheck();
      };
      const played = await play({
        ...scene,
        cutover: onClock({ t1: null }),
        problems: (refreshes) => {
          if (!refreshes) requested.push(from);
          return isFrozen ? [frozen] : [];
        },
        script: [[from, set(true)], [until, set(false)], ...(scene.script ?? [])],
      });
      const checks = all(played.events, 'checked').map((event) => [sinceT0(event), event.problems.length]);
      return { ...played, checks, requested: requested.length };
    };

    it('is checked at once, before the prewarm and after it, without a new sync', async () => {
      const before = await playFrozen(-1_234_567, -1_200_123);
      expect(before.checks).toEqual([
        [-1234.567, 1],
        [-1200.123, 0],
      ]);
      expect(before.requested).toBe(2);
      expect(before.view.state).toBe('done');
      const after = await playFrozen(-123_456, -111_222);
      expect(after.checks).toEqual([
        [-123.456, 1],
        [-111.222, 0],
      ]);
      expect(after.view.state).toBe('done');
      expect(all(before.events, 'command')).toEqual([]);
    });

    it('is checked once it is resumed if it was paused', async () => {
      const { checks, view } = await playFrozen(-1_234_567, -1_200_123, {
        script: [
          [-1_300_000, ({ send }) => send('pause')],
          [-1_210_000, ({ send }) => send('continue')],
        ],
      });
      expect(checks).toEqual([
        [-1210, 1],
        [-1200.123, 0],
      ]);
      expect(view.state).toBe('done');
    });

    it('is stopped by a change after its last check, and writes nothing', async () => {
      const { view, cloud } = await playFrozen(-602_000, -1000);
      expect(view).toMatchObject({
        state: 'stopped',
        stopped: { reason: { kind: 'invalid', problems: [frozen] } },
      });
      expect(cloud.effects).toEqual([]);
    });

    it('ignores the request once it writes', async () => {
      const { checks, view } = await playFrozen(30_000, 60_000);
      expect(checks).toEqual([]);
      expect(view.state).toBe('done');
    });
  });

  it('is stopped by findings of the last check, and reports those of earlier checks', async () => {
    const frozen = { kind: 'frozen', values: { freeze: 'settlement' } };
    const { view, cloud } = await play({ cutover: onClock({ t1: null }), problems: () => [frozen] });
    expect(view).toMatchObject({
      state: 'stopped',
      stopped: { reason: { kind: 'invalid', problems: [frozen] } },
      checked: { problems: [frozen] },
    });
    expect(cloud.effects).toEqual([]);
  });

  it('rolls back at T1 although a safety rule has stopped it, and refuses every write since', async () => {
    const refusal = { kind: 'safetyRule', values: { rule: 'Shop' } };
    let isRed = false;
    const { result, view, events } = await play({
      refuses: ({ phase }) => {
        isRed ||= phase === 'divert';
        return isRed ? [refusal] : [];
      },
    });
    expect(all(events, 'stopped')).toMatchObject([{ reason: { kind: 'invalid', problems: [refusal] } }]);
    expect(sinceT0(all(events, 'rollback')[0])).toBe(7200);
    expect(result).toBe('rolledBack');
    expect(view.state).toBe('rolledBack');
  });

  describe('a missed T0', () => {
    const late = { startMs: 5 * minute };

    it.each([
      [{ kind: 'skip' }, 'rolledBack'],
      [{ kind: 'runIfLate', withinS: 60 }, 'rolledBack'],
      [{ kind: 'runIfLate', withinS: 600 }, 'done'],
    ] as const)('%j ends %s', async (missedT0, result) => {
      const played = await play({ ...late, cutover: onClock({ t1: null, missedT0 }) });
      expect(played.result).toBe(result);
      if (result === 'rolledBack') {
        expect(played.view.rollbackReason?.why).toMatchObject({ kind: 'missedT0' });
        expect(played.view.apply.some((step) => step.step.phase === 'divert' && step.state === 'done')).toBe(
          false,
        );
      }
    });

    it('waits for a person with the policy ask', async () => {
      const ask = onClock({ t1: null, missedT0: { kind: 'ask' } });
      const { events, view } = await play({
        ...late,
        cutover: ask,
        script: [
          [20 * minute, ({ send }) => send('pause')],
          [30 * minute, ({ send }) => send('continue')],
        ],
      });
      expect(all(events, 'missed')).toHaveLength(1);
      expect(view.refused, 'nothing happens that a pause could stop').toMatchObject([{ command: 'pause' }]);
      expect(view.state).toBe('done');
      expect(view.latenessMs).toBe(30 * minute);
    });

    it('ends at T1 automatically with the policy ask, with nothing moved', async () => {
      const { events, view } = await play({ ...late, cutover: onClock({ missedT0: { kind: 'ask' } }) });
      expect(sinceT0(all(events, 'rollback')[0])).toBe(120 * 60);
      expect(view).toMatchObject({ state: 'rolledBack', rollbackReason: { why: { kind: 'T1' } } });
    });
  });

  describe('nothing is applied after T1', () => {
    const afterT1 = 121 * minute;
    const diverts = (events: readonly RunEvent[], plan: Plan) => {
      const ids = new Set(plan.steps.filter((step) => step.phase === 'divert').map((step) => step.id));
      return all(events, 'intent').filter((e) => e.direction === 'apply' && ids.has(e.stepId));
    };

    it.each([
      [
        'recovered only then, runIfLate',
        { startMs: afterT1, missedT0: { kind: 'runIfLate', withinS: 86_400 } },
      ],
      ['recovered only then, ask', { startMs: afterT1, missedT0: { kind: 'ask' } }],
      ['recovered only then, with problems', { startMs: afterT1, problems: [{ kind: 'stale', values: {} }] }],
    ] as const)('%s: the run is cancelled', async (_name, { startMs, ...scene }) => {
      const missedT0 = 'missedT0' in scene ? scene.missedT0 : ({ kind: 'skip' } as const);
      const problems = 'problems' in scene ? scene.problems : [];
      const played = await play({ startMs, cutover: onClock({ missedT0 }), problems: () => problems });
      expect(played.view).toMatchObject({ state: 'closed', stoppedBy: { actor: 'Spillway', reason: 'T1' } });
      expect(played.cloud.effects).toEqual([]);
    });

    it('paused over T0 and T1: prewarm is undone, and nothing has moved', async () => {
      const { view, events, cloud } = await play({
        cutover: onClock({ missedT0: { kind: 'runIfLate', withinS: 86_400 } }),
        script: [
          [-minute, ({ send }) => send('pause')],
          [125 * minute, ({ send }) => send('continue')],
        ],
      });
      expect(view.state).toBe('rolledBack');
      expect(diverts(events, view.plan)).toEqual([]);
      expect(cloud.effects.length).toBeGreaterThan(0);
    });

    it('a worker that is down until then, after prewarm: prewarm is undone, and nothing has moved', async () => {
      const { view, events } = await play({
        cutover: onClock({ missedT0: { kind: 'runIfLate', withinS: 86_400 } }),
        stoppedTime: [-minute, 122 * minute],
      });
      expect(view.state).toBe('rolledBack');
      expect(diverts(events, view.plan)).toEqual([]);
    });

    it('a bake over T1 ends there', async () => {
      const plan = rampPlan();
      const { view, events } = await play({ plan, cutover: onClock({ t1: iso(t0 + minute) }) });
      expect(sinceT0(all(events, 'rollback')[0])).toBe(60);
      expect(view.state).toBe('rolledBack');
    });
  });
});

describe('a run with another schedule than its first', () => {
  /** Begins its second attempt, whose first was canceled before it began. */
  async function playSecond(
    startMs: number,
    cutover: Cutover,
    then: (engine: MemoryEngine) => void = () => {},
  ) {
    const plan = createTestPlan();
    const clock = new VirtualClock(new Date(t0 + startMs));
    const engine = new MemoryEngine(clock);
    const stamp = { at: iso(t0 - 60 * minute), direction: 'apply' } as const;
    const from = onClock({ t0: iso(t0 - 30 * minute) });
    engine.append({ type: 'started', actor: 'test', attempt: 1, ...stamp });
    engine.append({ type: 'gate', gate: 'prewarm', due: iso(t0 - 40 * minute), ...stamp });
    engine.append({ type: 'closed', actor: 'sari', ...stamp });
    engine.append({ type: 'rescheduled', actor: 'sari', reason: '', from, to: cutover, ...stamp });
    then(engine);
    const worker = engine.begin(2, new RehearsalCloud(plan, clock).outer);
    const { guards } = cutover;
    const input = { plan, cutover, guards, direction: 'apply', attempt: 2, actor: 'test' } as const;
    return { result: await clock.run(execute(input, worker.ports)), events: engine.events };
  }

  it('misses its T0 like the first one, because it was not retried in time', async () => {
    const { result, events } = await playSecond(5 * minute, onClock({ t1: null }));
    expect(result).toBe('rolledBack');
    expect(all(events, 'rollback')[0]?.why).toMatchObject({ kind: 'missedT0' });
  });

  it('rolls back at T1 although it is paused then, and although its first schedule was canceled', async () => {
    const pause = { id: 'pause', command: 'pause', actor: 'sari', reason: '' } as const;
    const { result, events } = await playSecond(-30 * minute, onClock(), (engine) =>
      engine.clock.after(50 * minute, () => engine.send(2, pause)),
    );
    expect(sinceT0(all(events, 'paused')[0])).toBe(1200);
    expect(sinceT0(all(events, 'rollback')[0])).toBe(7200);
    expect(result).toBe('rolledBack');
  });
});

describe('a ramp whose weights the cloud', () => {
  it.each([
    ['unset', []],
    ['kept', [{ type: 'A', value: '127.77.1.1', weight: 90 }]],
    ['refused', [{ type: 'A', value: '127.77.1.1', weight: 90 }]],
  ] as const)(
    'has %s at T1 rolls back without a stop, and reports the remaining weight',
    async (unsetWeight, left) => {
      const { result, view, events } = await play({ plan: rampPlan(), unsetWeight });
      expect(result).toBe('rolledBack');
      expect(all(events, 'stopped')).toEqual([]);
      expect(view.rollback.flatMap(({ keptWeights }) => keptWeights)).toEqual(left);
      expect(view.rollback.filter(({ outcome }) => outcome === 'kept')).toHaveLength(left.length);
      expect(view.rollback.every(({ state }) => state === 'done')).toBe(true);
    },
  );
});

describe('guards', () => {
  const fails = [[10 * minute, ({ cloud }: { cloud: RehearsalCloud }) => cloud.answer(false)]] as const;

  it('roll it back within a minute', async () => {
    const { view, events, result } = await play({
      script: [...fails, [11.5 * minute, ({ cloud }) => cloud.answer(true)]],
    });
    expect(result).toBe('rolledBack');
    expect(view.rollbackReason?.why).toMatchObject({
      kind: 'guard',
      breach: { guard: { measure: 'probeFailures' } },
    });
    const turned = sinceT0(all(events, 'rollback')[0]);
    expect(turned).toBeGreaterThan(600);
    expect(turned).toBeLessThanOrEqual(660);
  });

  it('stop it with the policy stop', async () => {
    const { events } = await play({
      cutover: onClock({ guards: [{ measure: 'probeFailures', limit: 50, forS: 20, outcome: 'stop' }] }),
      script: [...fails, [119 * minute, ({ cloud }) => cloud.answer(true)]],
    });
    expect(all(events, 'stopped')[0]?.reason).toMatchObject({ kind: 'guard' });
    // T1 is still kept.
    expect(sinceT0(all(events, 'rollback')[0])).toBe(7200);
  });

  it.each<[string, Cutover | null, number]>([
    ['at once', null, 0],
    ['on the clock', onClock({ t1: null }), -30 * minute],
  ])('roll back a run %s in its first bake', async (_, cutover, startMs) => {
    const { events, result } = await play({
      plan: rampPlan(),
      cutover,
      guards: defaultGuards,
      startMs,
      script: [
        [2 * minute, ({ cloud }) => cloud.answer(false)],
        [3 * minute, ({ cloud }) => cloud.answer(true)],
      ],
    });
    expect(result).toBe('rolledBack');
    expect(all(events, 'baking')).toHaveLength(1);
    const [turned] = all(events, 'rollback');
    expect(turned?.why).toMatchObject({ kind: 'guard', breach: { guard: { measure: 'probeFailures' } } });
    expect(sinceT0(turned)).toBeGreaterThan(120);
    expect(sinceT0(turned)).toBeLessThanOrEqual(150);
  });
});

it.each([
  ['has no guards', [], { kind: 'unguarded' }],
  ['has a guard without a value', defaultGuards, { kind: 'unread', measures: ['errorRate'] }],
  ['measures all', defaultGuards.slice(0, 1), undefined],
] as const)('a bake that %s reports that at its end', async (_, guards, gap) => {
  const { events, view } = await play({ plan: rampPlan(), cutover: null, guards, startMs: 0 });
  expect(all(events, 'baked').map((event) => event.gap)).toEqual([gap, gap]);
  const bakes = view.apply.filter(({ step }) => step.kind === 'bake' && step.percent !== null);
  expect(bakes.map((bake) => bake.gap)).toEqual([gap ?? null, gap ?? null]);
});

describe('commands', () => {
  it.each([
    ['before T0', -5],
    ['in the ramp', 2],
    ['while it is diverted', 30],
  ])('a pause %s ends at T1: the run rolls back then', async (_, atMinute) => {
    const { view, events, cloud } = await play({
      plan: rampPlan(),
      script: [
        [atMinute * minute, ({ send }) => send('pause')],
        [150 * minute, ({ send }) => send('continue')],
      ],
    });
    expect(all(events, 'paused').map(sinceT0)).toEqual([atMinute * 60]);
    const written = all(events, 'intent').filter(({ direction }) => direction === 'apply');
    expect(written.map(sinceT0).every((s) => s <= atMinute * 60)).toBe(true);
    expect(all(events, 'rollback')).toMatchObject([{ why: { kind: 'T1' }, at: iso(t0 + 120 * minute) }]);
    expect(view.state).toBe('rolledBack');
    expect(cloud.effects.length).toBeGreaterThan(0);
  });

  it.each([
    ['right away', 10 * minute + 1000],
    ['in its drain', 11 * minute],
  ])('an early rollback that is paused %s continues at T1', async (_, pausedAt) => {
    const { view, events } = await play({
      script: [
        [10 * minute, ({ send }) => send('rollback')],
        [pausedAt, ({ send }) => send('pause')],
      ],
    });
    expect(sinceT0(all(events, 'continued')[0])).toBe(120 * 60);
    expect(view.state).toBe('rolledBack');
  });

  it('a rollback that is paused after T1 waits until it is continued', async () => {
    const { view, events } = await play({
      script: [
        [120 * minute + 500, ({ send }) => send('pause')],
        [200 * minute, ({ send }) => send('continue')],
      ],
    });
    expect(all(events, 'continued')).toMatchObject([{ actor: 'sari', direction: 'rollback' }]);
    expect(view.state).toBe('rolledBack');
  });

  /** Makes the cloud refuse all calls until an instant after T0, for a cause that needs a decision. */
  const refuse =
    (untilMs: number) =>
    ({ cloud }: { cloud: RehearsalCloud }) =>
      cloud.away(new Date(t0 + untilMs), 'Refused.NotEmpty', 'giveUp');

  it.each([
    ['right away', 10 * minute + 1000],
    ['in its drain', 11 * minute],
  ])('an early rollback that is stopped %s continues at T1', async (_, stoppedAt) => {
    const { result, view, events, cloud } = await play({
      script: [
        [10 * minute, ({ send }) => send('rollback')],
        [stoppedAt, refuse(60 * minute)],
      ],
    });
    expect(all(events, 'stopped')).toMatchObject([{ reason: { kind: 'cloudError' }, direction: 'rollback' }]);
    expect(all(events, 'rollback').map((event) => [event.why.kind, sinceT0(event)])).toEqual([
      ['command', 600],
      ['T1', 7200],
    ]);
    expect(result).toBe('rolledBack');
    expect(view.state).toBe('rolledBack');
    expect(new Set(cloud.effects).size).toBe(cloud.effects.length);
  });

  it('a separate rollback attempt that is stopped before T1 also continues at T1', async () => {
    const { result, events } = await play({
      refuses: ({ phase }) => (phase === 'divert' ? [{ kind: 'safetyRule', values: { rule: 'Shop' } }] : []),
      script: [
        [20 * minute, ({ rollBack }) => rollBack()],
        [20 * minute, refuse(60 * minute)],
      ],
    });
    expect(result).toBe('rolledBack');
    expect(all(events, 'stopped').map(({ direction }) => direction)).toEqual(['apply', 'rollback']);
    expect(sinceT0(all(events, 'rollback').at(-1))).toBe(7200);
  });

  it('a rollback that is stopped after T1 stays stopped', async () => {
    const { result, view } = await play({ script: [[120 * minute + 500, refuse(180 * minute)]] });
    expect(result).toBe('stopped');
    expect(view).toMatchObject({ state: 'stopped', direction: 'rollback' });
  });

  it('an early rollback that finds a foreign change stays stopped at T1 and overwrites nothing of others', async () => {
    const { result, events, cloud } = await play({
      script: [
        [10 * minute - 1, ({ cloud: world }) => world.edit('recordSet/flash.example.co.id/0')],
        [10 * minute, ({ send }) => send('rollback')],
      ],
    });
    expect(result).toBe('stopped');
    expect(all(events, 'rollback')).toHaveLength(1);
    expect(cloud.effects.some((id) => id.startsWith('r'))).toBe(false);
  });

  it.each<[string, Scene]>([
    ['paused', { script: [[-20 * minute, ({ send }) => send('pause')]] }],
    ['stopped', { problems: () => [{ kind: 'frozen', values: { freeze: 'Year end' } }] }],
  ])(
    'a run that is %s before prewarm is cancelled at T1, because nothing is applied',
    async (state, scene) => {
      const { result, view, cloud, events } = await play(scene);
      expect(events.some(({ type }) => type === state)).toBe(true);
      expect(result).toBe('closed');
      expect(view).toMatchObject({ state: 'closed', stoppedBy: { actor: 'Spillway', reason: 'T1' } });
      expect(sinceT0(all(events, 'closed')[0])).toBe(7200);
      expect(cloud.effects).toEqual([]);
    },
  );

  describe('the emergency stop', () => {
    const at = (ms: number) => iso(t0 + ms);

    it('pauses runs that apply changes, and resumes them at its end', async () => {
      const { view, events } = await play({
        script: [
          [-5 * minute, ({ send }) => send('pause', 'emergencyStop')],
          [-4 * minute, ({ send }) => send('continue', 'emergencyStop')],
        ],
      });
      expect(all(events, 'paused')).toMatchObject([{ by: 'emergencyStop', at: at(-5 * minute) }]);
      expect(all(events, 'continued')).toMatchObject([{ at: at(-4 * minute) }]);
      expect(view).toMatchObject({ state: 'rolledBack', latenessMs: 0 });
    });

    it('delays nothing when it begins and ends around the last check before T0', async () => {
      const { view, events } = await play({
        script: [
          [-5300, ({ send }) => send('pause', 'emergencyStop')],
          [-3300, ({ send }) => send('continue', 'emergencyStop')],
        ],
      });
      expect(all(events, 'stopped')).toEqual([]);
      expect(view).toMatchObject({ state: 'rolledBack', latenessMs: 0 });
    });

    it('doesn’t resume runs that a person has paused', async () => {
      const { events } = await play({
        cutover: onClock({ missedT0: { kind: 'runIfLate', withinS: 3600 } }),
        script: [
          [-5 * minute, ({ send }) => send('pause')],
          [-4 * minute, ({ send }) => send('pause', 'emergencyStop')],
          [-3 * minute, ({ send }) => send('continue', 'emergencyStop')],
          [minute, ({ send }) => send('continue')],
        ],
      });
      expect(all(events, 'paused')).toHaveLength(1);
      expect(all(events, 'continued')).toMatchObject([{ at: at(minute) }]);
    });

    it('pauses neither the hold before T1, nor T1, nor a rollback, nor its drain', async () => {
      const { view, events } = await play({
        script: [
          [60 * minute, ({ send }) => send('pause', 'emergencyStop')],
          [120 * minute + 500, ({ send }) => send('pause', 'emergencyStop')],
          [121 * minute, ({ send }) => send('pause', 'emergencyStop')],
        ],
      });
      expect(all(events, 'paused')).toEqual([]);
      expect(all(events, 'refused')).toEqual([]);
      expect(sinceT0(all(events, 'rollback')[0])).toBe(7200);
      expect(view.state).toBe('rolledBack');
    });

    it('doesn’t prevent T1 of paused runs', async () => {
      const { view, events } = await play({
        plan: rampPlan(),
        script: [[30_000, ({ send }) => send('pause', 'emergencyStop')]],
      });
      expect(all(events, 'paused')).toHaveLength(1);
      expect(sinceT0(all(events, 'rollback')[0])).toBe(7200);
      expect(view.state).toBe('rolledBack');
    });
  });

  it('causes a missed T0 when it is active at T0', async () => {
    const { view } = await play({
      script: [
        [-minute, ({ send }) => send('pause')],
        [5 * minute, ({ send }) => send('continue')],
      ],
    });
    expect(view.rollbackReason?.why).toMatchObject({ kind: 'missedT0' });
  });

  it('rollback starts at once', async () => {
    const { view, events } = await play({ script: [[minute, ({ send }) => send('rollback')]] });
    expect(view).toMatchObject({
      state: 'rolledBack',
      rollbackReason: { why: { kind: 'command', actor: 'sari' } },
    });
    expect(sinceT0(all(events, 'rollback')[0])).toBe(60);
  });

  it('leaving as is ends it at the current step', async () => {
    const { view, result } = await play({ script: [[minute, ({ send }) => send('leaveAsIs')]] });
    expect(result).toBe('closed');
    expect(view).toMatchObject({ state: 'closed', stoppedBy: { actor: 'sari', reason: 'because' } });
  });

  it('a command that can’t be executed is refused in the journal', async () => {
    const { view } = await play({ script: [[minute, ({ send }) => send('skipBake')]] });
    expect(view.refused).toMatchObject([{ command: 'skipBake', state: 'diverted' }]);
    expect(view.state).toBe('rolledBack');
  });

  it('bakes between shares; a skip ends the bake, but not the wait for old answers', async () => {
    const plan = rampPlan();
    const calm = await play({ plan, cutover: onClock({ t1: null }) });
    const bakes = all(calm.events, 'baking');
    expect(bakes).toHaveLength(2);
    const lasted = (events: readonly RunEvent[]) =>
      all(events, 'baked').map((baked, i) => Math.round(sinceT0(baked) - sinceT0(all(events, 'baking')[i])));
    expect(lasted(calm.events)).toEqual([300, 300]);
    const hasty = await play({
      plan,
      cutover: onClock({ t1: null }),
      script: [[30_000, ({ send }) => send('skipBake')]],
    });
    const [first, second] = lasted(hasty.events);
    expect(first).toBeLessThanOrEqual(30);
    const [skipped] = all(hasty.events, 'bakeSkipped');
    const over = all(hasty.events, 'stepDone').find(({ stepId }) => stepId === skipped?.stepId);
    expect(over?.durationMs).toBeGreaterThan(50_000);
    expect(over?.durationMs).toBeLessThanOrEqual(60_000);
    expect(second).toBe(300);
    expect(all(hasty.events, 'bakeSkipped')).toMatchObject([{ actor: 'sari' }]);
    // The rest until old answers have expired is a wait: another skip is refused.
    const twice = await play({
      plan,
      cutover: onClock({ t1: null }),
      script: [
        [30_000, ({ send }) => send('skipBake')],
        [40_000, ({ send }) => send('skipBake')],
      ],
    });
    expect(twice.view.refused).toMatchObject([{ command: 'skipBake', state: 'applying' }]);
    const waited = all(twice.events, 'waiting').map((event) =>
      Math.round(sinceT0({ ...event, at: event.until })),
    );
    expect(waited).toHaveLength(1);
    expect(waited[0]).toBeGreaterThan(55);
  });

  it('records the latency of a probe that passed at once', async () => {
    const { view } = await play({ cutover: onClock({ t1: null }) });
    const probes = view.apply.filter(({ step }) => step.kind === 'probe');
    expect(probes.length).toBeGreaterThan(0);
    for (const { durationMs, probe } of probes) expect(durationMs).toBe(probe?.latencyMs);
    expect(probes[0]?.durationMs).toBeGreaterThan(0);
  });

  it('waits for the old TTL before T0 without a bake', async () => {
    const { events, view } = await play({
      plan: loweredPlan(),
      cutover: onClock({ t1: null }),
      script: [[-9.5 * minute, ({ send }) => send('skipBake')]],
    });
    const wait = view.plan.steps.find(({ kind, phase }) => kind === 'bake' && phase === 'prewarm');
    expect(all(events, 'baking').filter(({ stepId }) => stepId === wait?.id)).toEqual([]);
    expect(all(events, 'waiting').filter(({ stepId }) => stepId === wait?.id)).toHaveLength(1);
    expect(view.refused).toMatchObject([{ command: 'skipBake', state: 'applying' }]);
    expect(view.state).toBe('done');
  });
});

describe('a write that is answered with HTTP 502', () => {
  const instants = [
    ['in the apply', -11 * minute, 'apply'],
    ['in the rollback', 119 * minute, 'rollback'],
  ] as const;
  const services = ['dnspod', 'clb'] as const;
  const places = instants.flatMap((instant) => services.map((service) => [service, ...instant] as const));

  /** Returns the events of the step that failed, from the failure on. */
  const play502 = async (service: (typeof services)[number], failMs: number, acts: boolean) => {
    const { view, events, cloud } = await play({
      script: [[failMs, ({ cloud: world }) => world.failNext(service, acts)]],
    });
    expect(view.state).toBe('rolledBack');
    expect(new Set(cloud.effects).size).toBe(cloud.effects.length);
    const failed = all(events, 'callFailed')[0];
    const since = failed === undefined ? [] : events.slice(events.indexOf(failed) + 1);
    const own = since.filter((event) => 'stepId' in event && event.stepId === failed?.stepId);
    return { direction: failed?.direction, failed, own };
  };

  it.each(places)('%s, %s, is sent again within 5 s', async (service, _name, failMs, direction) => {
    const { failed, own, ...met } = await play502(service, failMs, false);
    expect(met.direction).toBe(direction);
    expect(own[0]?.type).toBe('intent');
    expect(sinceT0(own[0]) - sinceT0(failed)).toBeLessThanOrEqual(5);
  });

  it.each(places)('%s, %s, is read back if it took effect', async (service, _name, failMs, direction) => {
    const { failed, own, ...met } = await play502(service, failMs, true);
    expect(met.direction).toBe(direction);
    expect(own[0]).toMatchObject({ type: 'stepDone', outcome: 'readBack' });
    expect(sinceT0(own[0]) - sinceT0(failed)).toBeLessThanOrEqual(2);
  });
});

describe('a killed worker', () => {
  /** Kills the process at the n-th place that it reaches. */
  const dieAt = (n: number): PlaceHook => {
    let count = 0;
    return (_place: string, worker: MemoryWorker) => {
      count += 1;
      if (count === n) worker.die();
    };
  };

  it('at any point: the run has the same result, and nothing is done twice', async () => {
    let places = 0;
    const count = () => {
      places += 1;
    };
    const calm = await play({ plan: rampPlan(), at: count });
    expect(places).toBeGreaterThan(1000);
    const told = (events: readonly RunEvent[]) =>
      all(events, 'stepDone').map(({ direction, stepId }) => `${direction} ${stepId}`);
    // Every place of the moves, and some of the long waits between them.
    const interesting = Array.from({ length: 60 }, (_, i) => 1 + Math.floor((i * places) / 60));
    for (const n of interesting) {
      const { result, cloud, events } = await play({ plan: rampPlan(), at: dieAt(n) });
      expect(result, `place ${n}`).toBe('rolledBack');
      expect(cloud.effects.toSorted()).toEqual(calm.cloud.effects.toSorted());
      expect(new Set(told(events))).toEqual(new Set(told(calm.events)));
    }
  });

  /** Kills the process once, at the first place after an instant, in ms after T0. */
  const dieAfter = (ms: number): PlaceHook => {
    let isDone = false;
    return (_place, worker) => {
      if (isDone || worker.ports.clock.now().getTime() < t0 + ms) return;
      isDone = true;
      worker.die();
    };
  };

  it.each([
    ['while it waits for T0', -minute],
    ['between two shares', 2 * minute],
    ['while it holds', 30 * minute],
    ['while it is paused', 50 * minute],
    ['during rollback', 120 * minute + 1000],
    ['while it drains', 121 * minute],
  ])('%s, with its records lost to a newer version: continues only from the journal', async (_name, ms) => {
    const script: Scene['script'] = [
      [30_000, ({ send }) => send('skipBake')],
      [45 * minute, ({ send }) => send('pause')],
      [60 * minute, ({ send }) => send('continue')],
    ];
    const { result, cloud, events, view } = await play({
      plan: rampPlan(),
      script,
      at: dieAfter(ms),
      forgets: true,
    });
    expect(result).toBe('rolledBack');
    expect(new Set(cloud.effects).size).toBe(cloud.effects.length);
    for (const step of view.plan.steps) if (step.kind === 'write') expect(cloud.effects).toContain(step.id);
    expect(sinceT0(all(events, 'rollback')[0])).toBe(7200);
    // The skip was for the first bake, however often the engine delivers it.
    expect(new Set(all(events, 'bakeSkipped').map((event) => event.stepId)).size).toBe(1);
    expect(all(events, 'continued')).toHaveLength(1);
  });

  it.each([
    ['pause', 'paused'],
    ['rollback', 'rollback'],
    ['leaveAsIs', 'closed'],
  ] as const)(
    'between %s and its effect: the worker of a newer version executes it',
    async (command, effect) => {
      let isDead = false;
      const { events } = await play({
        script: [[10 * minute, ({ send }) => send(command)]],
        forgets: true,
        at: (place, worker) => {
          if (isDead || place !== 'after append command') return;
          isDead = true;
          worker.die();
        },
      });
      expect(isDead).toBe(true);
      expect(sinceT0(all(events, effect)[0])).toBe(600);
    },
  );
});
