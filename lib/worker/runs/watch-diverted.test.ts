import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import { diversions, diversionTraffic, estates, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { areSidesWhole, listSideRoutes } from '@/lib/estate/bindings/side-routes';
import { RuleId } from '@/lib/estate/ids';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import type { Plan } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { readDiverted } from '@/lib/store/runs/read-diverted';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { type ConnectedSandbox, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { divertedRounds, type WatchDivertedDeps } from './watch-diverted';

/* The traffic of diverted names on a real database and the real sandbox, whose monitoring counts real requests. */

const [shop, checkout] = ['shop.example.co.id', 'checkout.example.co.id'];
let database: TestDatabase;
let sandbox: ConnectedSandbox;
let cloud: Cloud;
let estate: Estate;
/** The time of the sandbox's clock, and of the test's. */
let now: number;
const log = { warn: vi.fn(), debug: vi.fn() };

async function setClock(epochMs: number): Promise<void> {
  now = epochMs;
  await sandbox.control('POST', '/clock', { mode: 'virtual', now });
}

beforeAll(async () => {
  // The adapter's rate limits refill by this clock, so it must keep running.
  let begunAt = performance.now();
  [database, sandbox] = await Promise.all([
    startTestDatabase(),
    startConnectedSandbox({
      seed: 'flash-sale',
      vipNetwork: '127.146.0.0/16',
      taskMs: 0,
      connection: { regions: ['ap-singapore', 'ap-jakarta'] },
      adapter: { now: () => new Date(now + performance.now() - begunAt) },
    }),
  ]);
  ({ cloud } = sandbox);
  begunAt = performance.now();
  // Close to the machine's time, which clients use to sign.
  await setClock(Math.ceil(Date.now() / 60_000) * 60_000 + 30_000);
  estate = await cloud.readEstate(() => {});
  await storeConnections(database.db, [{ connection: sandbox.connection, isolation: 'user' }]);
});
afterAll(() => Promise.all([database.stop(), sandbox.stop()]));

beforeEach(async () => {
  for (const table of [diversionTraffic, runEvents, runAttempts, runs, plans, diversions, estates])
    await database.db.delete(table);
  log.warn.mockReset();
});

const at = '2026-12-12T00:00:00.000Z';
const started: RunEvent = { type: 'started', actor: 'sari', attempt: 1, at, direction: 'apply' };
const done: RunEvent = { type: 'finished', result: 'done', at, direction: 'apply' };

async function storeEstate(): Promise<void> {
  const own = { connectionId: 'test', takenAt: new Date(estate.takenAt), version: 1, estate };
  await database.db.insert(estates).values(own);
}

/** Returns the plan of a Split of the seed's names. */
function splitPlan(): Plan {
  const place = (domain: string, region: string) => {
    const isIn = (id: string) =>
      estate.loadBalancers.some((each) => each.id === id && each.region === region);
    const rule = estate.rules.find((each) => each.domains.includes(domain) && isIn(each.loadBalancerId));
    invariant(rule, `the seed serves ${domain}`);
    const { id, loadBalancerId, listenerId } = rule;
    return { domain, loadBalancerId, listenerId, rule: { kind: 'existing', ruleId: id } };
  };
  const fn = { region: 'ap-singapore', namespace: 'flash', name: 'checkout', qualifier: '1' };
  const diversion = SplitDiversion.parse({
    kind: 'split',
    name: 'sale',
    routes: [
      { to: 'cvm', ...place(shop ?? '', 'ap-jakarta'), addTargets: [] },
      { to: 'function', ...place(checkout ?? '', 'ap-singapore'), function: fn, expectedBody: 'ok' },
    ],
  });
  return createTestPlan({ estate, diversion });
}

/** Stores a run of the Split, or of another plan, and the snapshot. */
async function storeRun(...events: readonly RunEvent[]): Promise<RunId> {
  return storePlannedRun(splitPlan(), ...events);
}
async function storePlannedRun(plan: Plan, ...events: readonly RunEvent[]): Promise<RunId> {
  const { db } = database;
  await storeEstate();
  const values = { connectionId: 'test', plan, findings: [], hash: await planHash(plan), createdBy: 'x' };
  const [stored] = await db.insert(plans).values(values).returning({ id: plans.id });
  invariant(stored !== undefined, 'an insert returns its row');
  const [run] = await db.insert(runs).values({ planId: stored.id, createdBy: 'x' }).returning();
  invariant(run !== undefined, 'an insert returns its row');
  await db.insert(runAttempts).values({ runId: run.id, attempt: 1, direction: 'apply', actor: 'x' });
  for (const event of events) await db.insert(runEvents).values({ runId: run.id, event });
  return run.id;
}

const deps = (used: Cloud = cloud, change: Partial<WatchDivertedDeps> = {}): WatchDivertedDeps => ({
  db: database.db,
  lease: {
    whileFree: async (_lock, act) => {
      await act();
      return true;
    },
  },
  cloudOf: () => used,
  has: () => true,
  everyS: 60,
  now: () => new Date(now),
  loop: workLoop('traffic', { log, now: () => new Date(now) }),
  ...change,
});
const read = async () => (await database.db.select().from(diversionTraffic))[0];
/** Sends requests for a host to the load balancer on which a backend of this kind responds. */
async function browse(host: string, side: 'targets' | 'functions', count: number): Promise<void> {
  const rule = estate.rules.find((each) => each.domains.includes(host) && each[side].length > 0);
  const balancer = estate.loadBalancers.find(({ id }) => id === rule?.loadBalancerId);
  const port = 80 + sandbox.announcement.portOffset;
  for (let n = 0; n < count; n += 1) await requestPage({ host: balancer?.vips[0] ?? '', port }, { host });
}

describe('the traffic of a diversion in effect', () => {
  it('is measured by side, with errors, and the use of the function against its limit', async () => {
    await storeRun(started, done);
    await browse(shop ?? '', 'targets', 12);
    await browse(checkout ?? '', 'functions', 6);
    const fresh = deps(cloud, { everyS: 0 });
    const round = divertedRounds(fresh);
    const measured = async () => {
      await round();
      return (await read())?.points.at(-1);
    };
    // A request is counted when its response has been sent, which may be just after the client has received it.
    await expect.poll(async () => (await measured())?.cvm).toBeCloseTo(12 / 60, 5);
    await expect.poll(async () => (await measured())?.function).toBeCloseTo(6 / 60, 5);
    // The requests to the shop stay, and none to the checkout reaches its servers.
    expect((await measured())?.moved).toEqual({
      cvm: 0,
      function: expect.closeTo(6 / 60, 5),
      errorRate: 0,
    });
    expect(await measured()).toMatchObject({
      at: new Date(now).toISOString(),
      errorRate: 0,
      lagMs: 0,
      functions: [{ name: 'flash/checkout', inUse: 1, limit: expect.any(Number) }],
    });
    expect((await read())?.error).toBeNull();
  });

  it('is measured once in each interval, and keeps the newest sixty points', async () => {
    await storeRun(started, done);
    const round = divertedRounds(deps());
    await round();
    await round();
    expect((await read())?.points).toHaveLength(1);
    const [point] = (await read())?.points ?? [];
    invariant(point !== undefined, 'there is a point');
    const points = Array.from({ length: 60 }, () => ({ ...point, errorRate: 7 }));
    await database.db.update(diversionTraffic).set({ points, at: new Date(now - 60_000) });
    await round();
    const after = (await read())?.points ?? [];
    expect(after).toHaveLength(60);
    expect(after.at(-1)?.errorRate).not.toBe(7);
  });

  it('keeps its points and stores the error of the cloud when it can’t be measured', async () => {
    await storeRun(started, done);
    const refusal = {
      action: 'GetMonitorData',
      region: null,
      mayHaveHappened: false,
      advice: 'giveUp',
    } as const;
    const error = { ...refusal, code: 'InternalError', message: 'no', requestId: 'r-1' };
    await divertedRounds(deps())();
    await database.db.update(diversionTraffic).set({ at: new Date(now - 60_000) });
    const failing = { ...cloud, routeRate: () => Promise.reject(new CloudError(error)) };
    await divertedRounds(deps(failing))();
    expect(await read()).toMatchObject({ error, points: [expect.anything()], at: new Date(now) });
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('reports our own error as internal, with its text only in the log', async () => {
    await storeRun(started, done);
    const broken = { ...cloud, concurrency: () => Promise.reject(new TypeError('a secret of ours')) };
    await divertedRounds(deps(broken))();
    expect(await read()).toMatchObject({ error: { code: 'Internal', requestId: null }, points: [] });
    expect(JSON.stringify(await read())).not.toContain('secret of ours');
    expect(log.warn).toHaveBeenCalledOnce();
  });

  it('is not measured on a side with too many rules, because a part of them would give a wrong share', async () => {
    const rule = estate.rules.find(
      ({ domains, targets }) => domains.includes(shop ?? '') && targets.length > 0,
    );
    invariant(rule, 'the seed serves the name by CVM');
    const own = estate;
    const few = listSideRoutes(own, [shop ?? '', checkout ?? '']);
    const fn = few.function.length;
    const withRules = (count: number) => {
      const more = Array.from({ length: count - few.cvm.length }, (_, n) => ({
        ...rule,
        id: RuleId.parse(`loc-m${n}`),
        url: `/${n}`,
      }));
      estate = { ...own, rules: [...own.rules, ...more] };
    };
    const rates: number[] = [];
    const counted: Cloud = {
      ...cloud,
      routeRate: async (routes) => {
        rates.push(routes.length);
        return { value: routes.length, lagMs: 0 };
      },
      measure: async () => ({ value: 1, lagMs: 0 }),
    };
    try {
      withRules(80);
      await storeRun(started, done);
      await divertedRounds(deps(counted))();
      const isWhole = areSidesWhole(estate, [shop ?? '', checkout ?? '']);
      expect((await read())?.points).toMatchObject([
        { cvm: 80, function: fn, errorRate: 1, areSidesWhole: isWhole, moved: { function: fn } },
      ]);
      await database.db.delete(diversionTraffic);
      await database.db.delete(estates);
      withRules(81);
      await storeEstate();
      await divertedRounds(deps(counted))();
      const sideErrors = { cvm: null, function: 1 };
      expect((await read())?.points).toMatchObject([
        { cvm: null, function: fn, errorRate: null, sideErrors },
      ]);
      // Once for each set of rules: the function takes nothing but what moves.
      const ofCheckout = listSideRoutes(own, [checkout ?? '']).cvm.length;
      expect(rates).toEqual([80, fn, ofCheckout, fn, ofCheckout]);
    } finally {
      estate = own;
    }
  });

  it('is counted by the backend that the run has given a rule, before the next sync', async () => {
    const own = estate;
    const bound = own.rules.find(
      ({ functions, domains }) => functions.length > 0 && domains.includes(checkout ?? ''),
    );
    invariant(bound, 'the seed serves the checkout by a function');
    const withFunctions = (functions: typeof bound.functions) => {
      estate = { ...own, rules: own.rules.map((rule) => (rule === bound ? { ...rule, functions } : rule)) };
    };
    try {
      withFunctions([]);
      const plan = splitPlan();
      const { id: stepId } =
        plan.steps.find(({ kind, phase }) => kind === 'write' && phase !== 'divert') ?? {};
      invariant(stepId !== undefined, 'the plan binds the function');
      const bind = (leftAt: number): RunEvent => ({
        type: 'stepDone',
        stepId,
        outcome: 'applied',
        requestId: null,
        durationMs: 0,
        at: new Date(leftAt).toISOString(),
        direction: 'apply',
      });
      const takenAt = Date.parse(own.takenAt);
      const counted: Cloud = {
        ...cloud,
        routeRate: async (routes) => ({ value: routes.length, lagMs: 0 }),
        measure: async () => ({ value: 1, lagMs: 0 }),
      };
      await storePlannedRun(plan, started, bind(takenAt + 1000), done);
      await divertedRounds(deps(counted))();
      expect((await read())?.points).toMatchObject([{ function: 1, moved: { function: 1 } }]);
      await database.db.delete(diversionTraffic);
      // A partial sync has read the rule after the write: someone else has set it back.
      await database.db.update(estates).set({ partsAt: new Date(takenAt + 2000) });
      await divertedRounds(deps(counted))();
      expect((await read())?.points).toMatchObject([{ function: 'none' }]);
      await database.db.delete(diversionTraffic);
      await database.db.delete(runEvents);
      await database.db.delete(estates);
      await storePlannedRun(plan, started, bind(takenAt - 1000), done);
      await divertedRounds(deps(counted))();
      const points = (await database.db.select().from(diversionTraffic)).flatMap((row) => row.points);
      expect(points.map((point) => point.function)).toEqual(['none']);
    } finally {
      estate = own;
    }
  });

  it('is measured only by a worker with the keys of all its accounts', async () => {
    await storeRun(started, done);
    await divertedRounds(deps(cloud, { has: () => false }))();
    expect(await read()).toBeUndefined();
  });
});

it.each([
  ['that waits for prewarm', [started, { type: 'gate', gate: 'prewarm', due: at, at, direction: 'apply' }]],
  ['that waits for T0', [started, { type: 'gate', gate: 'T0', due: at, at, direction: 'apply' }]],
  ['that was rolled back', [started, { type: 'finished', result: 'rolledBack', at, direction: 'rollback' }]],
  ['that was left as is', [started, { type: 'closed', actor: 'x', at, direction: 'apply' }]],
  ['that no worker has begun', []],
] satisfies readonly (readonly [string, readonly RunEvent[]])[])(
  'measures nothing for a run %s',
  async (_, events) => {
    await storeRun(...events);
    await divertedRounds(deps())();
    expect(await read()).toBeUndefined();
  },
);

it.each([
  ['holds', [started, { type: 'gate', gate: 'T1', due: at, at, direction: 'apply' }]],
  [
    'is stopped',
    [
      started,
      { type: 'stopped', stepId: null, reason: { kind: 'internal', message: '' }, at, direction: 'apply' },
    ],
  ],
  ['is under way', [started]],
] satisfies readonly (readonly [string, readonly RunEvent[]])[])(
  'measures a run that %s',
  async (_, events) => {
    await storeRun(...events);
    await divertedRounds(deps())();
    expect((await read())?.points).toHaveLength(1);
  },
);

it('measures runs in progress first, and of the others those that ended last, however old they are', async () => {
  const open = await storeRun(started, { type: 'gate', gate: 'T1', due: at, at, direction: 'apply' });
  const late = await storeRun(started);
  for (let n = 0; n < 10; n += 1) await storeRun(started, done);
  await database.db.insert(runEvents).values({ runId: late, event: done });
  const ids = (await readDiverted(database.db)).map(({ runId }) => runId);
  expect(ids.slice(0, 2)).toEqual([open, late]);
  expect(ids).toHaveLength(1 + 10);
});
