import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import { createProber } from '@/lib/cloud/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Cutover } from '@/lib/diversion/cutover';
import { SplitDiversion } from '@/lib/diversion/split';
import { resolveIds } from '@/lib/estate/call';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model';
import { planSplit } from '@/lib/plan/plan-split';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import { execute } from './executor';
import { foldRun } from './fold-run';
import type { Direction, RunEvent } from './model';
import type { Clock, Once, RunMessage } from './ports';
import type { FaultPoint } from './step-context';

/*
 * The executor against the real sandbox, over HTTP and the real adapter; only the engine is in memory here, so that a
 * crash is an exception that leaves nothing behind but the journal and the recorded results.
 */

const log = pino({ level: 'silent' });
/** Time that goes faster than the sandbox's: waits that a person would sit through pass at once. */
const haste = 20;
const began = Date.now();
const clock: Clock = {
  now: () => new Date(began + (Date.now() - began) * haste),
  sleepUntil: (instant) =>
    new Promise((resolve) => setTimeout(resolve, (instant.getTime() - clock.now().getTime()) / haste)),
};

class Crash extends Error {}

let sandbox: Sandbox;
let connection: CloudConnection;
let cloud: ReturnType<typeof createTencentCloud>;

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    seed: 'small',
    vipNetwork: '127.85.0.0/16',
    taskMs: 30,
    stateFile: null,
    controlPort: 0,
    log,
  });
  const { api, secretId, secretKey, dns, portOffset } = sandbox.announcement;
  connection = CloudConnection.parse({
    id: 'test',
    name: 'test',
    kind: 'sandbox',
    endpoint: api,
    regions: ['ap-singapore'],
    secretId,
    secretKey,
    dns,
    portOffset,
  });
  cloud = createTencentCloud(connection, { now: () => new Date(), log });
});

afterAll(() => sandbox.stop());

async function door(method: string, path: string, body?: object): Promise<unknown> {
  const { control } = sandbox.announcement;
  invariant(control !== null, 'the control door is open');
  const answer = await fetch(`${control.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${control.token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

beforeEach(async () => {
  await door('POST', '/reset');
  await door('POST', '/task-time', { ms: 30 });
});

const diversion = SplitDiversion.parse({
  kind: 'split',
  name: 'Test split',
  laneA: {
    domain: 'shop.example.com',
    loadBalancerId: 'lb-cvm00001',
    listenerId: 'lbl-cvm00001',
    rule: { kind: 'existing', ruleId: 'loc-shop0001' },
    addTargets: [],
  },
  laneB: {
    domain: 'sale.example.com',
    loadBalancerId: 'lb-scf00001',
    listenerId: 'lbl-scf00001',
    rule: { kind: 'new', url: '/' },
    function: { region: 'ap-singapore', namespace: 'default', name: 'hello', qualifier: '$LATEST' },
    expectedBody: 'Hello CLB',
  },
});

const readEstate = (): Promise<Estate> => cloud.readEstate(() => undefined);

async function makePlan(keepAliveS = 0, wanted = diversion): Promise<Plan> {
  const planned = planSplit({ estate: await readEstate(), diversion: wanted, keepAliveS });
  invariant(planned.ok, 'the seed can be planned');
  return planned.value;
}

/** A run whose process can die: what survives is what an engine would have stored. */
class TestRun {
  readonly events: RunEvent[] = [];
  readonly messages: RunMessage[] = [];
  /** Asks to hold when this step's turn comes. */
  holdAt: string | null = null;
  /** Happens once, at the start of the next wait. */
  onWait: (() => Promise<void>) | null = null;
  private recorded = new Map<string, unknown>();
  private attempt = 0;
  cutover: Cutover | null = null;

  constructor(readonly plan: Plan) {}

  /** Starts one attempt and lives through crashes until it has ended. */
  async go(
    direction: Direction,
    crashAt?: { point: FaultPoint | 'beforeResult'; step: string },
  ): Promise<string> {
    this.recorded = new Map();
    this.attempt += 1;
    let armed = crashAt !== undefined;
    const crash = (point: string, step: string) => {
      if (!armed || point !== crashAt?.point || step !== crashAt.step) return;
      armed = false;
      throw new Crash(`${point} ${step}`);
    };
    for (;;) {
      try {
        return await this.live(direction, crash);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
  }

  private live(direction: Direction, crash: (point: string, step: string) => void): Promise<string> {
    const once: Once = async <T>(name: string, fn: () => Promise<T>): Promise<T> => {
      if (this.recorded.has(name)) return this.recorded.get(name) as T;
      const result = await fn();
      crash('beforeResult', name);
      this.recorded.set(name, result);
      return result;
    };
    return execute(
      { plan: this.plan, cutover: this.cutover, direction, attempt: this.attempt, actor: 'test' },
      {
        // A process that died has lost its queue and connections: each life has an adapter of its own.
        cloud: createTencentCloud(connection, { now: () => new Date(), log }),
        prober: createProber(connection),
        clock,
        once,
        journal: {
          append: async (event) => void this.events.push(event),
          read: async () => [...this.events],
        },
        inbox: {
          take: async (until) => {
            const wait = this.onWait;
            if (until !== null && wait !== null) {
              this.onWait = null;
              await wait();
            }
            if (this.holdAt !== null && this.comesTo(this.holdAt)) {
              this.holdAt = null;
              return { command: 'hold', actor: 'test' };
            }
            const message = this.messages.shift();
            if (message === undefined && until !== null) await clock.sleepUntil(until);
            return message ?? null;
          },
        },
        faultPoint: async (point, step) => crash(point, step),
        validator: { check: async () => [] },
        watcher: { sample: async () => ({ at: clock.now().toISOString(), measures: {}, probes: [] }) },
      },
    );
  }

  /** Whether all steps before this one are done and it waits or is to come. */
  private comesTo(stepId: string): boolean {
    const steps = stepId.startsWith('s') ? this.plan.steps : this.plan.revert;
    const isDone = (id: string) => this.events.some((e) => e.type === 'stepDone' && e.stepId === id);
    const index = steps.findIndex((step) => step.id === stepId);
    return steps.slice(0, index).every((step) => isDone(step.id)) && !isDone(stepId);
  }

  view() {
    const { plan, events } = this;
    const at = new Date(0).toISOString();
    const attempts = events.flatMap((e) =>
      e.type === 'started'
        ? [{ attempt: e.attempt, direction: e.direction, actor: e.actor, reason: '', requestedAt: at }]
        : [],
    );
    return foldRun({
      id: 'R-1',
      planId: 'P-1',
      plan,
      planHash: '',
      cutover: this.cutover,
      connectionKind: 'sandbox',
      attempts,
      events,
    });
  }
}

/** An estate without what may differ after there and back: times, and the time it was read. */
function lasting(estate: Estate): unknown {
  const { takenAt: _takenAt, ...rest } = estate;
  return { ...rest, records: rest.records.map(({ updatedAt: _updatedAt, ...record }) => record) };
}

const effects = (): Promise<unknown> => door('GET', '/effects');

describe('execute', { timeout: 30_000 }, () => {
  it('applies a Split, reads the function through the VIP, and brings back exactly what was', async () => {
    const before = await readEstate();
    const run = new TestRun(await makePlan());
    expect(await run.go('apply')).toBe('done');
    const view = run.view();
    expect(view.state).toBe('done');
    expect(view.apply.every((s) => s.state === 'done')).toBe(true);
    const http = view.apply.filter((s) => s.step.kind === 'probe' && s.step.probe.kind === 'http');
    expect(http).toHaveLength(2);
    for (const { probe } of http) expect(probe?.body).toContain('Hello CLB');

    expect(await run.go('revert')).toBe('reverted');
    expect(run.view().state).toBe('reverted');
    expect(lasting(await readEstate())).toEqual(lasting(before));
  });

  describe('a crash', () => {
    const points = ['afterIntent', 'afterCall', 'afterRecord', 'beforeResult'] as const;
    const places = [
      { direction: 'apply', step: 's1' },
      { direction: 'apply', step: 's2' },
      { direction: 'apply', step: 's4' },
      { direction: 'revert', step: 'r1' },
      { direction: 'revert', step: 'r4' },
      { direction: 'revert', step: 'r5' },
    ] as const;
    let uninterrupted: unknown;

    beforeAll(async () => {
      await door('POST', '/reset');
      const calm = new TestRun(await makePlan());
      await calm.go('apply');
      await calm.go('revert');
      uninterrupted = await effects();
    });

    const table = places.flatMap((place) => points.map((point) => ({ ...place, point })));

    it.each(table)(
      '$point of $step ($direction) doubles nothing and loses nothing',
      async ({ direction, step, point }) => {
        const plan = await makePlan();
        const before = await readEstate();
        const run = new TestRun(plan);
        expect(await run.go('apply', direction === 'apply' ? { step, point } : undefined)).toBe('done');
        expect(await run.go('revert', direction === 'revert' ? { step, point } : undefined)).toBe('reverted');
        expect(await effects()).toEqual(uninterrupted);
        expect(lasting(await readEstate())).toEqual(lasting(before));
      },
    );
  });

  it('reads back a write whose reply was lost, and does not repeat it', async () => {
    const run = new TestRun(await makePlan());
    await door('POST', '/faults', { action: 'RegisterFunctionTargets', kind: 'replyLost', count: 1 });
    expect(await run.go('apply')).toBe('done');
    expect(run.view().apply[1]).toMatchObject({ state: 'done', outcome: 'readBack' });
    expect(Object.values((await effects()) as Record<string, number>)).toEqual([1, 1, 1]);
  });

  it('repeats what was throttled, which certainly did nothing', async () => {
    const run = new TestRun(await makePlan());
    await door('POST', '/faults', { action: 'CreateRule', kind: 'throttle', count: 2 });
    expect(await run.go('apply')).toBe('done');
    expect(run.view().apply[0]).toMatchObject({ state: 'done', outcome: 'applied', attempts: 3 });
  });

  it('holds before a foreign change and overwrites nothing', async () => {
    const plan = await makePlan();
    const bind = plan.steps[1];
    invariant(bind?.kind === 'write' && bind.object.kind === 'rule', 'the second step binds');
    const rule = bind.object;
    const create = plan.steps[0];
    invariant(create?.kind === 'write', 'the first step creates the rule');
    // Somebody makes the rule first and binds something else to it.
    await cloud.wait(await cloud.write(create.call));
    const { ids } = await cloud.read(rule);
    const other = {
      LoadBalancerId: rule.loadBalancerId,
      ListenerId: rule.listenerId,
      LocationId: ids.LocationId ?? '',
      Targets: [{ InstanceId: 'ins-web00001', Port: 8080, Weight: 10 }],
    };
    await cloud.wait(
      await cloud.write({ service: 'clb', action: 'RegisterTargets', region: rule.region, params: other }),
    );
    const run = new TestRun(plan);
    expect(await run.go('apply')).toBe('held');
    expect(run.view().held?.reason).toMatchObject({
      kind: 'drift',
      found: { targets: [{ instanceId: 'ins-web00001' }] },
    });
    // Nothing of ours was done, so there is nothing to take back.
    expect(await run.go('revert')).toBe('reverted');
    expect((await cloud.read(rule)).state).toMatchObject({ targets: [{ instanceId: 'ins-web00001' }] });
  });

  it('holds when a task keeps failing, says why, and goes on when asked again', async () => {
    const run = new TestRun(await makePlan());
    const fault = { action: 'RegisterFunctionTargets', kind: 'taskFails', count: 3, message: 'no backend' };
    await door('POST', '/faults', fault);
    expect(await run.go('apply')).toBe('held');
    expect(run.view().held?.reason).toMatchObject({
      kind: 'cloudError',
      error: { code: 'Task.Failed', message: expect.stringContaining('no backend') },
    });
    expect(
      run
        .view()
        .apply.map((s) => s.state)
        .slice(0, 3),
    ).toEqual(['done', 'failed', 'todo']);
    expect(await run.go('apply')).toBe('done');
    expect(Object.values((await effects()) as Record<string, number>)).toEqual([1, 1, 1]);
  });

  it('stops before the next step when asked to hold, and comes back from half-way', async () => {
    const before = await readEstate();
    const run = new TestRun(await makePlan());
    run.messages.push({ command: 'hold', actor: 'test' });
    expect(await run.go('apply')).toBe('held');
    expect(run.view().apply[0]?.state).toBe('todo');
    expect(await run.go('revert')).toBe('reverted');
    expect(await effects()).toEqual({});
    expect(lasting(await readEstate())).toEqual(lasting(before));
  });

  /** When a step was begun or done, by the run's clock, in ms. */
  const at = (run: TestRun, type: RunEvent['type'], stepId: string): number => {
    const event = run.events.find((e) => e.type === type && 'stepId' in e && e.stepId === stepId);
    invariant(event !== undefined, `${type} of ${stepId} was written down`);
    return Date.parse(event.at);
  };

  /** Somebody else's hand on a record. */
  const pointAt = async (plan: Plan, value: string): Promise<void> => {
    const move = plan.steps[3];
    invariant(move?.kind === 'write', 'the fourth step moves the record');
    const { Domain, RecordId } = move.call.params;
    invariant(Domain !== undefined && RecordId !== undefined, 'the record is named');
    const params = { Domain, RecordId, FieldList: [{ Key: 'value', Value: value }] };
    await cloud.write({ service: 'dnspod', action: 'ModifyRecordFields', region: null, params });
  };

  describe('the wait before unbinding', () => {
    const keepAliveS = 6;

    it.each([undefined, { point: 'afterRecord', step: 'r4' } as const])(
      'lasts for the TTL and the kept connections, also across a crash (%j)',
      async (crash) => {
        const run = new TestRun(await makePlan(keepAliveS));
        await run.go('apply');
        expect(await run.go('revert', crash)).toBe('reverted');
        const waitedMs = at(run, 'intent', 'r4') - at(run, 'stepDone', 'r1');
        expect(waitedMs).toBeGreaterThanOrEqual((1 + keepAliveS) * 1000);
      },
    );

    it('can be interrupted, and a retry waits for the rest of it', async () => {
      const run = new TestRun(await makePlan(keepAliveS));
      await run.go('apply');
      run.holdAt = 'r3';
      expect(await run.go('revert')).toBe('held');
      expect(run.events.some((e) => e.type === 'intent' && e.stepId === 'r4')).toBe(false);
      expect(await run.go('revert')).toBe('reverted');
      expect(at(run, 'intent', 'r4') - at(run, 'stepDone', 'r1')).toBeGreaterThanOrEqual(
        (1 + keepAliveS) * 1000,
      );
    });

    it('ends in a hold, with the function still bound, when DNS was pointed at it again meanwhile', async () => {
      const plan = await makePlan(keepAliveS);
      const run = new TestRun(plan);
      await run.go('apply');
      run.onWait = () => pointAt(plan, '127.85.1.2');
      expect(await run.go('revert')).toBe('held');
      expect(run.view().held).toMatchObject({
        stepId: 'r3',
        reason: { kind: 'drift', object: { kind: 'recordSet' } },
      });
      expect(run.events.some((e) => e.type === 'intent' && e.stepId === 'r4')).toBe(false);

      // Put back by hand: the wait begins anew, because answers went out again.
      await pointAt(plan, '127.85.1.1');
      const putBackAt = clock.now().getTime();
      expect(await run.go('revert')).toBe('reverted');
      expect(at(run, 'intent', 'r4') - putBackAt).toBeGreaterThanOrEqual((1 + keepAliveS) * 1000);
    });
  });

  it('does not move DNS on a retry when what was bound before the hold is bound no more', async () => {
    const plan = await makePlan();
    const run = new TestRun(plan);
    run.holdAt = 's4';
    expect(await run.go('apply')).toBe('held');
    const bind = plan.steps[1];
    invariant(bind?.kind === 'write', 'the second step binds');
    const { ids } = await cloud.read(bind.object);
    await cloud.wait(await cloud.write(resolveIds(bind.inverse, ids).call));
    expect(await run.go('apply')).toBe('held');
    expect(run.view().held).toMatchObject({
      stepId: 's2',
      reason: { kind: 'drift', found: { functions: [] } },
    });
    expect(Object.keys((await effects()) as object).some((key) => key.startsWith('Modify'))).toBe(false);
  });

  it('takes back only what it did itself', async () => {
    const plan = await makePlan();
    const run = new TestRun(plan);
    const [create, bind] = plan.steps;
    invariant(create?.kind === 'write' && bind?.kind === 'write', 'the plan begins with two writes');
    // A colleague is faster with both.
    await cloud.wait(await cloud.write(create.call));
    const { ids } = await cloud.read(bind.object);
    await cloud.wait(await cloud.write(resolveIds(bind.call, ids).call));
    expect(await run.go('apply')).toBe('held');
    expect(await run.go('revert')).toBe('reverted');
    expect((await cloud.read(bind.object)).state).toMatchObject({
      exists: true,
      functions: [{ name: 'hello' }],
    });
  });

  it('comes back when somebody else has removed the rule already', async () => {
    const plan = await makePlan();
    const run = new TestRun(plan);
    await run.go('apply');
    const [create, bind] = plan.steps;
    invariant(create?.kind === 'write' && bind?.kind === 'write', 'the plan begins with two writes');
    run.onWait = async () => {
      const { ids } = await cloud.read(bind.object);
      await cloud.wait(await cloud.write(resolveIds(bind.inverse, ids).call));
      await cloud.wait(await cloud.write(resolveIds(create.inverse, ids).call));
    };
    expect(await run.go('revert')).toBe('reverted');
    expect(
      run
        .view()
        .revert.slice(3)
        .map((s) => s.outcome),
    ).toEqual(['already', 'already']);
  });

  it('comes back from half-way although DNS, which it never moved, was moved by somebody else', async () => {
    const plan = await makePlan();
    const run = new TestRun(plan);
    await pointAt(plan, '127.85.1.9');
    expect(await run.go('apply')).toBe('held');
    expect(run.view().held).toMatchObject({ stepId: 's4', reason: { kind: 'drift' } });
    expect(await run.go('revert')).toBe('reverted');
    expect(
      run
        .view()
        .revert.slice(0, 3)
        .map((s) => s.outcome),
    ).toEqual(['notOurs', 'notOurs', 'notOurs']);
    const create = plan.steps[0];
    invariant(create?.kind === 'write', 'the first step creates the rule');
    expect((await cloud.read(create.object)).state).toMatchObject({ exists: false });
  });

  it('hears a hold while a probe waits for its answer', async () => {
    const plan = await makePlan(0, {
      ...diversion,
      laneB: { ...diversion.laneB, expectedBody: 'Something else' },
    });
    const run = new TestRun(plan);
    run.onWait = async () => void run.messages.push({ command: 'hold', actor: 'test' });
    expect(await run.go('apply')).toBe('held');
    expect(run.view().held?.reason).toEqual({ kind: 'asked', actor: 'test' });
    expect(await run.go('apply')).toBe('held');
  });
});
