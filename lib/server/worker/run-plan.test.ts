import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import type { Cloud } from '@/lib/cloud/port';
import { createProber } from '@/lib/cloud/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { plans, runAttempts, runs } from '@/lib/db/schema';
import { startTestDatabase, type TestDatabase } from '@/lib/db/test-database';
import { SplitDiversion } from '@/lib/diversion/split';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/hash';
import { planSplit } from '@/lib/plan/plan-split';
import { foldRun } from '@/lib/run/fold-run';
import type { Once } from '@/lib/run/ports';
import type { FaultPoint, StepContext } from '@/lib/run/step-context';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import { loadRun } from '../load-run';
import { createMeasures } from './measures';
import { RunTakenOverError } from './run-fence';
import { runPlan } from './run-plan';
import { storeConnections } from './store-connections';

/*
 * Two workers at one run, over a real database and the real sandbox: what one does that fell asleep while the other took
 * its run up. The engine is left out: it would refuse the late one as well, but not in time.
 */

const log = pino({ level: 'silent' });
let database: TestDatabase;
let sandbox: Sandbox;
let connection: CloudConnection;
let cloud: Cloud;

beforeAll(async () => {
  [database, sandbox] = await Promise.all([
    startTestDatabase(),
    startSandbox({
      port: 0,
      dnsPort: 0,
      seed: 'small',
      vipNetwork: '127.131.0.0/16',
      taskMs: 30,
      stateFile: null,
      controlPort: 0,
      log,
    }),
  ]);
  const { api, secretId, secretKey, dns, portOffset } = sandbox.announcement;
  connection = CloudConnection.parse({
    ...{ id: 'test', name: 'test', kind: 'sandbox', endpoint: api, regions: ['ap-singapore'] },
    ...{ secretId, secretKey, dns, portOffset },
  });
  cloud = createTencentCloud(connection, { now: () => new Date(), log });
  await storeConnections(database.db, [{ connection, isolation: null }]);
}, 30_000);

afterAll(() => Promise.all([database.stop(), sandbox.stop()]));

async function door(method: string, path: string): Promise<unknown> {
  const { control } = sandbox.announcement;
  invariant(control !== null, 'the control door is open');
  const headers = { authorization: `Bearer ${control.token}` };
  return (await fetch(`${control.url}${path}`, { method, headers })).json();
}
const effects = () => door('GET', '/effects') as Promise<Record<string, number>>;

beforeEach(async () => {
  await door('POST', '/reset');
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

/** A run that waits for a worker. @returns its id */
async function storeRun(): Promise<string> {
  const planned = planSplit({ estate: await cloud.readEstate(() => {}), diversion, keepAliveS: 0 });
  invariant(planned.ok, 'the seed can be planned');
  const { db } = database;
  const stored = {
    ...{ connectionId: 'test', plan: planned.value, findings: [], createdBy: 'test' },
    hash: await planHash(planned.value),
  };
  const [plan] = await db.insert(plans).values(stored).returning();
  const [run] = await db
    .insert(runs)
    .values({ planId: plan?.id ?? '', createdBy: 'test' })
    .returning();
  const runId = run?.id ?? '';
  await db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'test' });
  return runId;
}

const afterwards = vi.fn(async () => {});

/** Memory of finished steps, of one process. */
function memory(): Once {
  const recorded = new Map<string, unknown>();
  return async (name, fn) => {
    if (!recorded.has(name)) recorded.set(name, await fn());
    return recorded.get(name) as Awaited<ReturnType<typeof fn>>;
  };
}

/** A worker process at this run: with a way to the cloud of its own. */
function work(
  runId: string,
  { faultPoint = async () => {}, once = memory() }: Partial<Pick<StepContext, 'faultPoint' | 'once'>> = {},
): Promise<void> {
  const own = createTencentCloud(connection, { now: () => new Date(), log });
  const run = runPlan({
    db: database.db,
    cloudOf: () => own,
    proberOf: () => createProber(connection),
    faultPoint,
    log,
    measures: createMeasures('test'),
    afterwards,
  });
  return run({ runId, attempt: 1 }, { inbox: { take: async () => null }, once });
}

/** A door that is shut until it is opened, and that tells when somebody has come to it. */
function gate() {
  let open = () => {};
  let arrive = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const pass = () => {
    arrive();
    return opened;
  };
  return { pass, reached, open };
}

/** A worker that falls asleep at a place of the first step. @returns wakes it, and how it ends then */
async function sleepyWork(runId: string, place: FaultPoint): Promise<() => Promise<unknown>> {
  const { pass, reached, open } = gate();
  const ended = work(runId, {
    faultPoint: async (name, stepId) => {
      if (name === place && stepId === 's1') await pass();
    },
  }).catch((error: unknown) => error);
  await reached;
  return () => {
    open();
    return ended;
  };
}

const recordOf = async (runId: string) => {
  const record = await loadRun(database.db, runId);
  invariant(record !== null, 'the run is stored');
  return record;
};

it('a worker that wakes before its call, when another has taken its run up, calls nothing', async () => {
  const runId = await storeRun();
  const wake = await sleepyWork(runId, 'afterIntent');
  // The other one is no further than that: the object is still as before, and all else speaks for the call.
  const { pass, reached, open } = gate();
  const recorded = memory();
  const other = work(runId, {
    once: async (name, fn) => {
      if (name === 'started') await pass();
      return recorded(name, fn);
    },
  });
  await reached;
  expect(await wake()).toBeInstanceOf(RunTakenOverError);
  expect((await recordOf(runId)).events.map(({ type }) => type)).toEqual(['started', 'intent']);
  open();
  await other;
  const run = foldRun(await recordOf(runId));
  expect(run.state).toBe('done');
  // The other one watched for the call that might be on its way, then made it itself.
  expect(run.apply[0]).toMatchObject({ outcome: 'applied', attempts: 2 });
  expect(new Set(Object.values(await effects()))).toEqual(new Set([1]));
}, 20_000);

it.each(['afterCall', 'afterRecord'] as const)(
  'a worker that wakes %s, when another has finished its run, records nothing and holds nothing',
  async (place) => {
    const runId = await storeRun();
    const wake = await sleepyWork(runId, place);
    await work(runId);
    const done = await recordOf(runId);
    expect(foldRun(done).state).toBe('done');
    const counted = await effects();
    expect(new Set(Object.values(counted))).toEqual(new Set([1]));
    afterwards.mockClear();
    expect(await wake()).toBeInstanceOf(RunTakenOverError);
    expect((await recordOf(runId)).events).toEqual(done.events);
    expect(await effects()).toEqual(counted);
    expect(afterwards).not.toHaveBeenCalled();
  },
  20_000,
);
