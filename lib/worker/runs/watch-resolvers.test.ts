import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAccountResolvers } from '@/lib/cloud/probe/account-resolvers';
import {
  diversionTraffic,
  plans,
  runAttempts,
  runEvents,
  runSamples,
  runs,
  runVantages,
  vantagePoints,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import { type Plan, PlanId } from '@/lib/plan/model/model';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { readConvergence } from '@/lib/server/runs/get-convergence';
import { loadRuns } from '@/lib/store/runs/load-run';
import { getDnsSplit, readVantages } from '@/lib/store/runs/read-vantages';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { connectTo, silentLog } from '@/testing/cloud/connected-sandbox';
import { type NameServer, nameServerRecord, startNameServer } from '@/testing/cloud/test-name-server';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { watchFigures } from './watch-figures';
import { resolverRounds, type WatchResolversDeps } from './watch-resolvers';

/* Rounds over a stored run, on a real database, with name servers of the test. */

const [old, wanted] = ['127.77.1.1', '127.77.1.2'];
let database: TestDatabase;
let authority: NameServer;
let cache: NameServer;
/** The address that each of them answers. */
const answers = { authority: old, cache: old };
const ttlS = 30;
let plan: Plan;
let runId: RunId;
let now = Date.now();
const at = () => new Date(now).toISOString();
const direction = 'apply';

beforeAll(async () => {
  const answer = (of: keyof typeof answers) => (question: { readonly name: string }) => [
    { ...nameServerRecord(question.name, 'A', answers[of] ?? ''), ttl: ttlS },
  ];
  [database, authority, cache] = await Promise.all([
    startTestDatabase(),
    startNameServer(answer('authority')),
    startNameServer(answer('cache')),
  ]);
  const { db } = database;
  const estate = testEstate({ records: [testRecord(12, 'flash', old ?? '')] });
  const planned = createTestPlan({ estate, diversion: testSwitch() });
  plan = planned;
  const announcement = {
    api: 'http://127.0.0.1:1',
    secretId: 'id',
    secretKey: 'key',
    dns: authority.address,
    portOffset: 0,
    vipNetwork: '127.77.0.0/16',
  };
  const connection = connectTo({ announcement } as never);
  await storeConnections(db, [{ connection, isolation: null }]);
  const stored = { connectionId: 'test', plan, findings: [], createdBy: 'test', hash: await planHash(plan) };
  const [row] = await db.insert(plans).values(stored).returning();
  const [run] = await db
    .insert(runs)
    .values({ planId: PlanId.parse(row?.id), createdBy: 'test' })
    .returning();
  runId = RunId.parse(run?.id);
  await db.insert(runAttempts).values({ runId, attempt: 1, direction, actor: 'test' });
});
afterAll(async () => {
  authority.close();
  cache.close();
  await database.stop();
});

beforeEach(async () => {
  const { db } = database;
  for (const table of [runEvents, runSamples, runVantages, vantagePoints]) await db.delete(table);
  Object.assign(answers, { authority: old, cache: old });
  now += 3_600_000;
});

async function addEvents(...events: readonly RunEvent[]): Promise<void> {
  for (const event of events) await database.db.insert(runEvents).values({ runId, event });
}
const started = (): RunEvent => ({ type: 'started', actor: 'sari', attempt: 1, at: at(), direction });
/** All changes of DNS were accepted. */
function accepted(): readonly RunEvent[] {
  const steps = plan.steps.filter(
    (each) => each.kind === 'write' && each.phase === 'divert' && each.object.kind === 'recordSet',
  );
  return steps.map(({ id: stepId }) => ({
    type: 'accepted',
    stepId,
    requestId: 'r',
    taskId: null,
    direction,
    at: at(),
  }));
}

function rounds(change: Partial<WatchResolversDeps> = {}): () => Promise<void> {
  const time = () => new Date(now);
  return resolverRounds({
    db: database.db,
    lease: {
      whileFree: async (_lock, act) => {
        await act();
        return true;
      },
    },
    resolversOf: () =>
      createAccountResolvers({
        dns: authority.address,
        resolvers: [cache.address],
        vipNetwork: '127.77.0.0/16',
      }),
    has: () => true,
    everyS: 10,
    now: time,
    loop: workLoop('resolvers', { log: silentLog, now: time }),
    ...change,
  });
}
const readPoints = async () =>
  (await database.db.select().from(runSamples).orderBy(asc(runSamples.id))).flatMap(
    ({ convergence }) => convergence ?? [],
  );

describe('a run that has moved a name', () => {
  it('is asked about from its first change of DNS, until its old answers have expired', async () => {
    const round = rounds();
    await addEvents(started());
    await round();
    expect(await readPoints()).toEqual([]);
    await addEvents(...accepted());
    answers.authority = wanted;
    now += 10_000;
    await round();
    now += 30_000;
    answers.cache = wanted;
    await round();
    expect(await readPoints()).toMatchObject([
      { current: 1, stale: 1, other: 0, silent: 0 },
      { current: 2, stale: 0, other: 0, silent: 0 },
    ]);
    await addEvents({ type: 'finished', result: 'done', at: at(), direction });
    now += 3_600_000;
    await round();
    expect(await readPoints()).toHaveLength(2);
  });

  it('asks a resolver again when its cached answer expires, and rarely once it is current', async () => {
    const round = rounds();
    await addEvents(started(), ...accepted());
    answers.authority = wanted;
    const count = () => [authority, cache].map(({ questions }) => questions.length);
    const [own = 0, other = 0] = count();
    const asked: (readonly number[])[] = [];
    for (let s = 0; s <= 60; s += 10) {
      await round();
      const [newOwn = 0, newOther = 0] = count();
      asked.push([newOwn - own, newOther - other]);
      now += 10_000;
    }
    expect(asked).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 2],
      [1, 2],
      [1, 2],
      [2, 3],
    ]);
    expect(await readPoints()).toHaveLength(7);
  });

  it('is asked about by one worker in each interval', async () => {
    await addEvents(started(), ...accepted());
    const [one, other] = [rounds(), rounds()];
    await one();
    await other();
    expect(await readPoints()).toHaveLength(1);
  });

  it('asks the public resolvers of the settings for real accounts, and no other than its own in a sandbox', async () => {
    await database.db
      .insert(vantagePoints)
      .values({ name: 'Public', address: cache.address, createdBy: 'sari' });
    await addEvents(started(), ...accepted());
    await rounds()();
    const names = async () =>
      (await readVantages(database.db, runId)).map(({ kind, name }) => `${kind} ${name}`);
    expect(await names()).toEqual([`own ${authority.address}`, `own ${cache.address}`].sort());
    now += 60_000;
    const ask = vi.fn(async () => ({ values: [wanted ?? ''], ttlS, failure: null, isAuthoritative: false }));
    await rounds({ resolversOf: () => ({ own: ['192.0.2.1'], isClosed: false, ask }) })();
    expect(await names()).toContain('resolver Public');
    expect(ask).toHaveBeenCalledWith(cache.address, 'flash.example.co.id', 'A');
  });

  it('keeps the failure of a resolver that does not answer, and counts it as silent', async () => {
    await addEvents(started(), ...accepted());
    const ask = async () => ({ values: null, ttlS: null, failure: 'no answer', isAuthoritative: false });
    await rounds({ resolversOf: () => ({ own: ['192.0.2.1'], isClosed: true, ask }) })();
    expect(await readPoints()).toMatchObject([{ current: 0, stale: 0, other: 0, silent: 1 }]);
    expect((await readVantages(database.db, runId))[0]?.dns).toMatchObject([
      { name: 'flash.example.co.id', values: null, failure: 'no answer' },
    ]);
  });
});

it('gives a sample of the split of its ramp: each cached answer once, each authoritative one', async () => {
  const { db } = database;
  const estate = testEstate({ records: [testRecord(12, 'flash', old ?? '')] });
  const made = createTestPlan({ estate, diversion: testSwitch({ ramp: [50, 100] }) });
  const bake = made.steps.findIndex((step) => step.kind === 'bake' && step.percent === 50);
  const half = made.steps.slice(0, bake);
  const values = { connectionId: 'test', plan: made, findings: [], createdBy: 'test' };
  const [row] = await db
    .insert(plans)
    .values({ ...values, hash: await planHash(made) })
    .returning();
  const [run] = await db
    .insert(runs)
    .values({ planId: PlanId.parse(row?.id), createdBy: 'test' })
    .returning();
  const rampId = RunId.parse(run?.id);
  await db.insert(runAttempts).values({ runId: rampId, attempt: 1, direction, actor: 'test' });
  const events = [
    started(),
    ...half.flatMap(({ kind, id: stepId }): readonly RunEvent[] =>
      kind === 'write'
        ? [{ type: 'accepted', stepId, requestId: 'r', taskId: null, direction, at: at() }]
        : [],
    ),
  ];
  for (const event of events) await db.insert(runEvents).values({ runId: rampId, event });
  const cachedS = 60;
  const begun = now;
  const asked = { own: 0, cache: 0 };
  const round = rounds({
    resolversOf: () => ({
      own: ['192.0.2.1', '192.0.2.2'],
      isClosed: true,
      ask: async (resolver) => {
        const isAuthoritative = resolver === '192.0.2.1';
        asked[isAuthoritative ? 'own' : 'cache'] += 1;
        const ttlLeft = cachedS - (((now - begun) / 1000) % cachedS);
        const value = isAuthoritative && asked.own % 2 === 0 ? wanted : old;
        return {
          values: [value ?? ''],
          ttlS: isAuthoritative ? cachedS : ttlLeft,
          failure: null,
          isAuthoritative,
        };
      },
    }),
  });
  for (let n = 0; n < 12; n += 1) {
    now += 20_000;
    await round();
  }
  const record = (await loadRuns(db, [rampId]))[0];
  invariant(record !== undefined, 'the run is stored');
  const split = getDnsSplit(record, await readVantages(db, rampId));
  // The cache has a new answer each minute. Its first one is from before the share had settled.
  expect(asked).toEqual({ own: 12, cache: 5 });
  expect(split).toMatchObject({ n: 12 + 4, share: 6 / 16, intended: 0.5, resolvers: 2 });
  await db.delete(runEvents);
});

it('is what the page of the run and its record show', async () => {
  await addEvents(started(), ...accepted());
  answers.authority = wanted;
  await rounds()();
  const record = (await loadRuns(database.db, [runId]))[0];
  invariant(record !== undefined, 'the run is stored');
  const view = await readConvergence(database.db, record, { now: new Date(now), isOn: true });
  expect(view).toMatchObject({
    state: 'on',
    share: 50,
    asked: 1,
    points: [{ current: 1, stale: 1 }],
    names: [{ name: 'flash.example.co.id', served: [wanted] }],
    reached: [{ direction: 'apply', reachedMs: { 50: 0, 90: null } }],
  });
  expect(view.vantages.map(({ answers: own }) => own[0]?.verdict).sort()).toEqual(['current', 'stale']);
  const later = await readConvergence(database.db, record, { now: new Date(now + 181_000), isOn: true });
  expect(later).toMatchObject({ share: null, vantages: [{ isOld: true }, { isOld: true }] });
});

it('is a figure of its guards, with that of the diverted traffic', async () => {
  const { db } = database;
  const guards = (['notConverged', 'errorsAboveCvm'] as const).map((measure) => ({
    measure,
    limit: 1,
    forS: 30,
    outcome: 'stop' as const,
  }));
  const read = (chosen: typeof guards) =>
    watchFigures(
      { db, now: () => new Date(now), log: silentLog, everyS: 10, keepAliveS: 75 },
      runId,
      chosen,
    )();
  await addEvents(started(), ...accepted());
  expect(await read([])).toEqual({ measures: {}, lagMs: {} });
  expect((await read(guards)).measures).toEqual({ notConverged: null, errorsAboveCvm: null });
  answers.authority = wanted;
  await rounds()();
  const [plan] = await db.select().from(plans);
  const point: TrafficPoint = {
    at: at(),
    cvm: 5,
    function: 5,
    errorRate: 1,
    sideErrors: { cvm: 1, function: 3 },
    lagMs: 20_000,
    functions: [],
  };
  invariant(plan !== undefined, 'the plan is stored');
  await db
    .insert(diversionTraffic)
    .values({ diversionId: plan.diversionId, at: new Date(now), points: [point] });
  now += 10_000;
  const { measures, lagMs } = await read(guards);
  expect(measures).toEqual({ notConverged: 50, errorsAboveCvm: 2 });
  expect(lagMs.errorsAboveCvm).toBe(30_000);
});
