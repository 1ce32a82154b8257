import { sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CloudConnection } from '@/lib/cloud/connection';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import { foldRun } from '@/lib/run/model/fold-run';
import type { Direction, RunView } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import type { World } from '@/lib/sandbox/world/world';
import { commandRun } from '@/lib/server/runs/command-run';
import { parseSettings } from '@/lib/settings';
import { createConnections, readSandboxLine } from '@/lib/worker/connections/connections';
import { startTestDashboard, type TestDashboard } from '@/testing/launch/test-dashboard';
import { killShapes } from '@/testing/launch/test-kill-shapes';
import { killed, rows, type Subject, stepWord, subjects, unkilled } from '@/testing/launch/test-kill-table';
import { inDoubtFor } from '@/testing/launch/test-program';
import { createTwin, type Twin } from '@/testing/launch/test-twins';
import { type TestWorkers, testWorkers } from '@/testing/launch/test-workers';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { lasting } from '@/testing/run/test-run-fixture';

/*
 * Kills a worker process with SIGKILL at each point of each kind of step, in apply and rollback; the worker restarts
 * and completes the runs. Each run has its own account with the same content, and is killed once in each direction:
 * runs wait for each other at their points, so that one kill affects all of them. Each result is compared with that of
 * a run that was not killed.
 */

const vipNetwork = '127.174.0.0/16';
const within = { timeout: 200_000, interval: 200 };

/** The result of a run at the end of one direction, in a comparable form. */
type Left = {
  readonly view: RunView;
  readonly claims: number;
  readonly world: unknown;
  /** The load balancers that the run has created, according to its journal. */
  readonly created: ReadonlySet<string>;
  /** The existing ones. */
  readonly loadBalancers: readonly string[];
};

let dashboard: TestDashboard;
let workers: TestWorkers;
let ended: readonly string[];
let connections: ReadonlyMap<string, CloudConnection>;
const twins = new Map<Subject, Twin>();
const runIds = new Map<Subject, string>();
const untouched = new Map<Subject, unknown>();
const results = { apply: new Map<Subject, Left>(), rollback: new Map<Subject, Left>() };

function of<T>(subject: Subject, map: ReadonlyMap<Subject, T>): T {
  const found = map.get(subject);
  invariant(found !== undefined, `subject ${subject.number} has one`);
  return found;
}

function unkilledSubject({ shape }: Subject): Subject {
  const found = unkilled.find((each) => each.shape === shape);
  invariant(found !== undefined, 'each shape has a run that is not killed');
  return found;
}

/**
 * Seeds sandbox data with an account for each run instead of the seed's own account. @returns the sandbox's ready line
 */
async function seedAccounts(): Promise<string> {
  const { sandbox, callControl } = dashboard;
  let { announcement } = sandbox;
  sandbox.onAccounts((given) => {
    announcement = given;
  });
  const world = (await callControl('GET', '/data')) as World;
  const [small] = Object.values(world.accounts);
  invariant(small !== undefined, 'the seed has an account');
  const accounts = subjects.map((subject) => {
    const model = killShapes[subject.shape].model(small);
    const twin = createTwin(model, vipNetwork, subject.number);
    twins.set(subject, twin);
    return twin.own(model);
  });
  world.accounts = Object.fromEntries(accounts.map((account) => [account.uin, account]));
  await callControl('PUT', '/data', world);
  return JSON.stringify(announcement);
}

function readEstate(subject: Subject) {
  const connection = connections.get(of(subject, twins).connectionId);
  invariant(connection !== undefined, 'the account has a connection');
  const log = pino({ level: 'silent' });
  return createTencentCloud(connection, { now: () => new Date(), log }).readEstate(() => undefined);
}

/** Returns an account and the effects on it, without values that differ between equal runs. */
function normalizeWorld(
  subject: Subject,
  estate: Estate,
  allEffects: Readonly<Record<string, number>>,
): unknown {
  const twin = of(subject, twins);
  const effects = Object.entries(allEffects).filter(([key]) => key.includes(twin.zone));
  return sorted(timeless(twin.asModel({ estate: lasting(estate), effects })));
}

/** Sorts all lists: the cloud lists by ids, which differ each time. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sorted(item)]));
}

/** Removes values that depend on the time of the read: creation times and the health of targets. */
function timeless(world: unknown): unknown {
  const passing = ['createdAt', 'health'];
  return JSON.parse(
    JSON.stringify(world, (key, value: unknown) => (passing.includes(key) ? undefined : value)),
  );
}

async function readPlan(subject: Subject): Promise<Plan> {
  const diversion = of(subject, twins).own(killShapes[subject.shape].diversion);
  return createTestPlan({ estate: await readEstate(subject), diversion, keepAliveS: 1 });
}

/** Returns a kill in the format of the worker's setting. */
function killPlace(subject: Subject, plan: Plan, direction: Direction): readonly string[] {
  const kill = subject.kills[direction];
  if (kill === undefined) return [];
  const step = (direction === 'apply' ? plan.steps : plan.rollback).find(
    (each) => stepWord(each) === kill.word,
  );
  invariant(step !== undefined, `the plan has a step of ${kill.word}`);
  return [`${of(subject, twins).connectionId}/${kill.point}:${step.id}`];
}

async function start(subject: Subject, direction: Direction): Promise<void> {
  if (direction === 'apply') {
    const twin = of(subject, twins);
    runIds.set(
      subject,
      await dashboard.apply(twin.connectionId, twin.own(killShapes[subject.shape].diversion)),
    );
  } else {
    const runId = of(subject, runIds);
    await commandRun({ runId, command: 'rollback', typedDomain: null });
  }
}

/**
 * Starts runs and waits until none of them makes progress on its own; stores their results. A run that does not
 * complete fails the test of its row, not this step, which would hide the others.
 */
async function runGroup(group: readonly Subject[], direction: Direction): Promise<void> {
  const claimsBefore = new Map(group.map((each) => [each, results.apply.get(each)?.claims ?? 0]));
  await Promise.all(group.map((each) => start(each, direction)));
  const readView = async (each: Subject) => foldRun(await dashboard.recordOf(RunId.parse(of(each, runIds))));
  // One query for all runs instead of one for each journal.
  const unfinished = sql`select workflow_uuid from dbos.workflow_status
    where name = 'run' and status in ('ENQUEUED', 'PENDING')`;
  await vi
    .waitFor(async () => expect((await dashboard.database.db.execute(unfinished)).rows).toEqual([]), within)
    .catch(() => undefined);
  const effects = await dashboard.effects();
  const storeResult = async (each: Subject) => {
    const claims = (await dashboard.countClaims(RunId.parse(of(each, runIds)))) - of(each, claimsBefore);
    const { events } = await dashboard.recordOf(RunId.parse(of(each, runIds)));
    const created = events.flatMap((e) =>
      e.type === 'accepted' && e.loadBalancerId ? [e.loadBalancerId] : [],
    );
    const estate = await readEstate(each);
    results[direction].set(each, {
      view: await readView(each),
      claims,
      world: normalizeWorld(each, estate, effects),
      created: new Set(created),
      loadBalancers: estate.loadBalancers.map(({ id }) => id),
    });
  };
  // Sequential: in parallel they would delay responses of this process, which serves the sandbox.
  for (const each of group) await storeResult(each);
}

beforeAll(async () => {
  dashboard = await startTestDashboard(vipNetwork, 50);
  const sandbox = await seedAccounts();
  const settings = parseSettings({});
  invariant(settings.ok, 'defaults are settings');
  connections = new Map(
    createConnections(settings.value, readSandboxLine(sandbox)).map(({ connection }) => [
      connection.id,
      connection,
    ]),
  );
  const plans = new Map<Subject, Plan>();
  for (const each of unkilled) {
    untouched.set(each, normalizeWorld(each, await readEstate(each), await dashboard.effects()));
    plans.set(each, await readPlan(each));
  }
  const places = (direction: Direction) =>
    killed.flatMap((each) => killPlace(each, of(unkilledSubject(each), plans), direction)).join(',');
  workers = await testWorkers({ databaseUrl: dashboard.database.url, sandbox }, inDoubtFor(2000));
  ended = await workers.supervise('a', (life) => ({
    SPILLWAY_FAULT_POINT: places(life === 1 ? 'apply' : 'rollback'),
    // The snapshots in between are not needed.
    SPILLWAY_SYNC_PARTS_S: '0',
    SPILLWAY_SYNC_WHOLE_S: '0',
  }));
  const isRead = async () => expect((await dashboard.readConnections()).size).toBe(subjects.length);
  await vi.waitFor(isRead, { timeout: 60_000, interval: 200 });
  for (const group of [unkilled, killed]) {
    await runGroup(group, 'apply');
    await runGroup(group, 'rollback');
  }
}, 600_000);

afterAll(async () => {
  await workers.stop();
  await dashboard.stop();
  workers.remove();
});

const ending = { apply: 'done', rollback: 'rolledBack' } as const;

test.each(unkilled)('without a kill, $shape is applied and rolled back', (subject) => {
  for (const direction of ['apply', 'rollback'] as const) {
    const { view, claims } = of(subject, results[direction]);
    expect(view).toMatchObject({ state: ending[direction], stopped: null });
    expect(claims).toBe(1);
  }
  const { estate } = of(subject, untouched) as { estate: unknown };
  expect(of(subject, results.rollback).world).toMatchObject({ estate });
});

test.each(['apply', 'rollback'] as const)(
  'the table has every kind of step of the plans (%s)',
  (direction) => {
    const words = unkilled.flatMap((each) =>
      of(each, results[direction]).view[direction].map(({ step }) => stepWord(step)),
    );
    expect(new Set(words)).toEqual(
      new Set(rows.flatMap((row) => (row.direction === direction ? [row.word] : []))),
    );
  },
);

test('the worker was killed exactly twice, by the test', () => {
  expect(ended).toEqual(['SIGKILL', 'SIGKILL']);
});

test.each(rows)(
  '$direction: completes as without a kill when killed $point of $word',
  ({ subject, direction, word, outcome }) => {
    const { view, claims, world } = of(subject, results[direction]);
    expect(view).toMatchObject({ state: ending[direction], stopped: null });
    expect(claims).toBe(2);
    expect(view[direction].find(({ step }) => stepWord(step) === word)).toMatchObject({
      state: 'done',
      outcome,
    });
    expect(world).toEqual(of(unkilledSubject(subject), results[direction]).world);
  },
);

test.each(subjects.filter(({ shape }) => shape === 'access'))(
  'run $number creates one load balancer, journals its id, and leaves none behind',
  (subject) => {
    const [applied, rolledBack] = [of(subject, results.apply), of(subject, results.rollback)];
    expect(applied.created.size).toBe(1);
    const added = applied.loadBalancers.filter((id) => !rolledBack.loadBalancers.includes(id));
    expect(added).toEqual([...applied.created]);
    expect(rolledBack.created).toEqual(applied.created);
  },
);
