import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isPlaceholder } from '@/lib/diversion/creates';
import { type Diversion, SplitDiversion } from '@/lib/diversion/diversion';
import { SwitchDiversion } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { objectKey, sameState } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import type { Plan, Step, WriteStep } from '@/lib/plan/model/model';
import { stepWords } from '@/lib/plan/model/words';
import { bindSteps, yielded } from '@/lib/run/model/placeholders';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { startTestMachine } from '@/testing/plan/export/tccli/test-machine';
import { tccliScript } from './tccli-script';

/* Runs the real scripts on a sandbox: every call is sent, every response requested. */

const machine = await startTestMachine('127.114.0.0/16');
afterAll(() => machine.stop());

/** Looks up an object by its name in the seed. */
function describePlace(estate: Estate, loadBalancer: string, protocol = 'HTTP') {
  const found = estate.loadBalancers.find(({ name }) => name === loadBalancer);
  const listener = estate.listeners.find((l) => l.loadBalancerId === found?.id && l.protocol === protocol);
  invariant(found !== undefined && listener !== undefined, `the seed has ${loadBalancer}`);
  return { loadBalancerId: found.id, listenerId: listener.id };
}

const fn = { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' };

function routes(estate: Estate, domainA: string, toFunction: object = {}) {
  const rule = estate.rules.find(({ domain }) => domain === domainA);
  return [
    {
      to: 'cvm',
      domain: domainA,
      ...describePlace(estate, 'lb-jkt-shop'),
      addTargets: [],
      rule: { kind: 'existing', ruleId: rule?.id },
    },
    {
      to: 'function',
      domain: 'flash.example.co.id',
      ...describePlace(estate, 'lb-sin-flash'),
      function: fn,
      expectedBody: 'Flash sale',
      rule: { kind: 'new', url: '/' },
      ...toFunction,
    },
  ];
}

const split = (estate: Estate): Diversion =>
  SplitDiversion.parse({ kind: 'split', name: 'Sale', routes: routes(estate, 'shop.example.co.id') });

/** Adds pods to the shop's backends, bound by their addresses. */
const pods = (estate: Estate): Diversion => {
  const [cvm, fn] = routes(estate, 'shop.example.co.id');
  const addTargets = ['127.114.100.162', '127.114.100.163'].map((eniIp) => ({
    eniIp,
    port: 8080,
    weight: 10,
  }));
  return SplitDiversion.parse({ kind: 'split', name: 'Pods', routes: [{ ...cvm, addTargets }, fn] });
};

const ramp = (estate: Estate): Diversion =>
  SwitchDiversion.parse({
    kind: 'switch',
    name: 'Ramp',
    routes: routes(estate, 'flash.example.co.id'),
    toward: 'function',
    ramp: [20, 100].map((percent) => ({ percent, bakeS: percent === 100 ? 0 : 30 })),
  });

/** Returns a Switch of two names in two waves, the second without a record yet. */
const waves = (estate: Estate): Diversion => {
  const [flash, sale] = ['flash.example.co.id', 'wave.example.co.id'];
  const own = routes(estate, flash);
  const rule = { kind: 'new', url: '/' };
  return SwitchDiversion.parse({
    kind: 'switch',
    name: 'Waves',
    routes: [...own, ...own.map((route) => ({ ...route, domain: sale, rule }))],
    waves: [
      { names: [flash], bakeS: 30 },
      { names: [sale], bakeS: 0 },
    ],
    toward: 'function',
    ramp: [{ percent: 100, bakeS: 0 }],
  });
};

/** Returns a diversion with its own load balancer and listener, and warm instances. */
const made = (estate: Estate): Diversion => {
  const vpcId = estate.loadBalancers.find(({ name }) => name === 'lb-sin-flash')?.vpcId;
  const [loadBalancerId, listenerId] = ['@sale', '@sale-http'];
  return SplitDiversion.parse({
    kind: 'split',
    name: 'Made',
    creates: {
      loadBalancers: [
        { id: loadBalancerId, name: 'sale-night', region: 'ap-singapore', network: 'OPEN', vpcId },
      ],
      listeners: [{ id: listenerId, loadBalancerId, name: 'http', protocol: 'HTTP', port: 80 }],
    },
    routes: routes(estate, 'shop.example.co.id', { loadBalancerId, listenerId, provisioned: 2 }),
  });
};

async function buildPlan(diversionOf: (estate: Estate) => Diversion): Promise<Plan> {
  const estate = await machine.cloud().readEstate(() => {});
  return createTestPlan({ estate, diversion: diversionOf(estate) });
}

function buildScript(plan: Plan, way: 'steps' | 'rollback', accountUin = '100028471935'): Promise<string> {
  const head = {
    title: `${plan.diversion.name}, ${way}`,
    hash: 'ab',
    takenAt: plan.estateTakenAt,
    accountUin,
    findings: [],
  };
  return tccliScript({ head, plan, way, words: (step) => stepWords(step).key });
}

const writes = (plan: Plan) => plan.steps.filter((step): step is WriteStep => step.kind === 'write');

/**
 * Returns the plan's writes with the cloud's current ids; objects that do not exist (or no longer exist) keep their
 * placeholder.
 */
async function boundSteps(plan: Plan): Promise<readonly WriteStep[]> {
  let steps: readonly Step[] = plan.steps;
  const placeholders = new Map<string, string>();
  for (const { id, yields } of writes(plan)) {
    const maker = steps.find((step) => step.id === id);
    if (yields === undefined || maker?.kind !== 'write' || isOnPlaceholder(maker)) continue;
    const { ids } = await machine.cloud().read(maker.object);
    for (const [placeholder, value] of Object.entries(yielded(maker, ids) ?? {}))
      placeholders.set(placeholder, value);
    steps = bindSteps(plan.steps, placeholders);
  }
  return steps.filter((step): step is WriteStep => step.kind === 'write');
}

const isOnPlaceholder = ({ object }: WriteStep) =>
  'loadBalancerId' in object && isPlaceholder(object.loadBalancerId);

/** Expects each object of the plan to have the state it should. */
async function expectStates(plan: Plan, at: 'start' | 'end'): Promise<void> {
  const steps = await boundSteps(plan);
  const wanted = new Map<string, WriteStep>();
  for (const step of at === 'end' ? steps : steps.toReversed()) wanted.set(objectKey(step.object), step);
  for (const step of wanted.values()) {
    // Deleted with its load balancer.
    if (at === 'start' && isOnPlaceholder(step)) continue;
    const { state } = await machine.cloud().read(step.object);
    const want = at === 'end' ? step.after : step.before;
    expect(sameState(state, want), JSON.stringify({ state, want })).toBe(true);
  }
}

/** Returns the write requests. */
async function effects(): Promise<readonly string[]> {
  return Object.keys(await machine.control('GET', '/effects?by=request'));
}

async function run(script: string) {
  const ran = await machine.run(script);
  return { ...ran, all: ran.out + ran.err };
}

describe.each([
  ['a Split', split],
  ['a Split that adds pods', pods],
  ['a Switch along a ramp', ramp],
  ['a Switch of two names in waves', waves],
  ['what makes a load balancer first', made],
])('the scripts of %s', (_name, diversionOf) => {
  let plan: Plan;
  beforeEach(async () => {
    await machine.control('POST', '/reset');
    plan = await buildPlan(diversionOf);
    expect(writes(plan).length).toBeGreaterThan(2);
  });

  it('apply the plan, change nothing when run again, and roll back', async () => {
    const there = await run(await buildScript(plan, 'steps'));
    expect(there.err, there.all).toBe('');
    expect(there.code).toBe(0);
    await expectStates(plan, 'end');

    const done = await effects();
    expect(done).toHaveLength(writes(plan).length);
    const again = await run(await buildScript(plan, 'steps'));
    expect(again.code, again.all).toBe(0);
    expect(await effects()).toEqual(done);

    const back = await run(await buildScript(plan, 'rollback'));
    expect(back.err, back.all).toBe('');
    expect(back.code).toBe(0);
    await expectStates(plan, 'start');
  });
});

it('roll back the existing parts of an apply that was stopped', async () => {
  await machine.control('POST', '/reset');
  const plan = await buildPlan(ramp);
  for (const count of [1, plan.steps.findIndex(({ phase }) => phase === 'divert') + 1]) {
    const begun = await run(await buildScript({ ...plan, steps: plan.steps.slice(0, count) }, 'steps'));
    expect(begun.code, begun.all).toBe(0);
    const back = await run(await buildScript(plan, 'rollback'));
    expect(back.code, back.all).toBe(0);
    await expectStates(plan, 'start');
  }
});

it('delete nothing on rollback that contains objects of others', async () => {
  await machine.control('POST', '/reset');
  const plan = await buildPlan(made);
  const there = await run(await buildScript(plan, 'steps'));
  expect(there.code, there.all).toBe(0);
  const maker = (await boundSteps(plan)).find(({ object }) => object.kind === 'listener');
  invariant(maker?.object.kind === 'listener', 'the plan makes a listener');
  const { region, loadBalancerId } = maker.object;
  const params = {
    LoadBalancerId: loadBalancerId,
    Ports: [8080],
    Protocol: 'HTTP',
    ListenerNames: ['theirs'],
  };
  const theirs = { service: 'clb', action: 'CreateListener', region, params } as const;
  const cloud = machine.cloud();
  await cloud.write(theirs);
  const back = await run(await buildScript(plan, 'rollback'));
  expect(back.code, back.all).toBe(2);
  expect(back.err).toContain('there is more in it than the plan has made');
  const estate = await cloud.readEstate(() => {});
  expect(estate.listeners.filter((l) => l.loadBalancerId === loadBalancerId)).toMatchObject([{ port: 8080 }]);
});

describe('script of a Split', () => {
  let plan: Plan;
  beforeEach(async () => {
    await machine.control('POST', '/reset');
    plan = await buildPlan(split);
  });

  const dnsStep = () => writes(plan).find(({ object }) => object.kind === 'recordSet');

  it('preserves changes by others, and reports them', async () => {
    const step = dnsStep();
    invariant(step !== undefined, 'the plan moves DNS');
    const { params } = step.call;
    const FieldList = [{ Key: 'value', Value: '127.114.9.9' }];
    await machine.cloud().write({ ...step.call, params: { ...params, FieldList } });
    const ran = await run(await buildScript(plan, 'steps'));
    expect(ran.code, ran.all).toBe(2);
    expect(ran.err).toContain('A 127.114.9.9 TTL');
    expect(ran.err).toContain(`refused at ${step.id}: someone else has changed this object`);
    // The foreign write, and the writes before the step.
    expect(await effects()).toHaveLength(1 + writes(plan).indexOf(step));
  });

  it('works only with its account', async () => {
    const ran = await run(await buildScript(plan, 'steps', '100000000009'));
    expect(ran.code, ran.all).toBe(2);
    expect(ran.err).toContain('this key is of account 100028471935, the plan of 100000000009');
    expect(await effects()).toEqual([]);
  });

  it.each([
    { kind: 'throttle', action: 'RegisterFunctionTargets', count: 2 },
    { kind: 'replyLost', action: 'CreateRule' },
    { kind: 'http502', action: 'ModifyRecordFields', takesEffect: true },
    { kind: 'taskFails', action: 'CreateRule' },
  ])('continues after %j without repeating a completed call', async (fault) => {
    await machine.control('POST', '/faults', fault);
    const ran = await run(await buildScript(plan, 'steps'));
    expect(ran.code, ran.all).toBe(0);
    await expectStates(plan, 'end');
    expect(await effects()).toHaveLength(writes(plan).length);
  });

  it.each([
    [{ kind: 'changesNothing', action: 'CreateRule' }, 'its object reads as before'],
    [{ kind: 'taskFails', action: 'CreateRule', count: 9 }, 'its task failed'],
    [
      { kind: 'functionDown', function: 'ap-singapore/flash/storefront' },
      'answers flash.example.co.id with status',
    ],
  ])('ends at %j, before any traffic moves', async (fault, why) => {
    await machine.control('POST', '/faults', fault);
    const ran = await run(await buildScript(plan, 'steps'));
    expect(ran.code, ran.all).toBe(2);
    expect(ran.err).toContain(why);
    const step = dnsStep();
    invariant(step !== undefined, 'the plan moves DNS');
    expect(sameState((await machine.cloud().read(step.object)).state, step.before)).toBe(true);
  });
});
