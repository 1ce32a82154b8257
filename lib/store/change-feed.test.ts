import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Change } from '@/lib/contract/change';
import {
  alertAcknowledgements,
  approvalPolicies,
  approvals,
  changeFreezes,
  connections,
  deployments,
  emergencyStops,
  estates,
  functionChanges,
  functionReadings,
  plans,
  policies,
  runAttempts,
  runs,
  switches,
  syncs,
  testInvocations,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { databaseJournal } from '@/lib/worker/runs/observed-journal';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { type ChangeFeed, createChangeFeed } from './change-feed';

/* Every change is made in a real database and received through its own triggers. */

let database: TestDatabase;
let feed: ChangeFeed;

const anything: Change = { kind: 'anything' };
const run: Change = { kind: 'run', id: RunId.parse('R-0001') };
const started = {
  type: 'started',
  actor: 'local',
  attempt: 1,
  at: '2026-12-12T00:00:00.000Z',
  direction: 'apply',
} as const;

beforeAll(async () => {
  database = await startTestDatabase();
  const { db } = database;
  const connection = { id: 'here', name: 'here', kind: 'sandbox', portOffset: 0, available: true } as const;
  await db.insert(connections).values(connection);
  // Only the triggers process these rows.
  await db.execute(sql`
    insert into ${plans} (id, connection_id, plan, findings, hash, created_by)
    values ('P-0001', 'here', '{}', '[]', 'h', 'local')`);
  await db
    .insert(runs)
    .values({ id: RunId.parse('R-0001'), planId: PlanId.parse('P-0001'), createdBy: 'local' });
});
afterAll(() => database.stop());

beforeEach(() => {
  feed = createChangeFeed(database.url, pino({ level: 'silent' }));
});
afterEach(() => feed.close());

/** Subscribes, and returns everything received so far. */
function listen(): { readonly received: Change[]; readonly leave: () => void } {
  const received: Change[] = [];
  const notify = (changes: readonly Change[]) => received.push(...changes);
  const leave = feed.subscribe({ owner: null, notify, end: () => {} });
  invariant(typeof leave === 'function', 'there is room for one more');
  return { received, leave };
}

const soon = { timeout: 20_000 };
vi.setConfig({ testTimeout: 60_000 });
const listeners = sql`select pid from pg_stat_activity where application_name = 'spillway changes' and datname = current_database()`;

it('notifies every subscriber of an appended event, over one connection', async () => {
  const all = [listen(), listen(), listen()];
  for (const { received } of all) await expect.poll(() => received, soon).toEqual([anything]);
  await databaseJournal(database.db, { runId: RunId.parse('R-0001'), number: 0 }).append(started);
  for (const { received } of all) await expect.poll(() => received, soon).toEqual([anything, run]);
  expect((await database.db.execute(listeners)).rows).toHaveLength(1);
});

it('merges a burst of changes to one object into a few notifications', async () => {
  const { received } = listen();
  await expect.poll(() => received, soon).toEqual([anything]);
  const journal = databaseJournal(database.db, { runId: RunId.parse('R-0001'), number: 0 });
  await Promise.all(Array.from({ length: 300 }, () => journal.append(started)));
  // The last notification sent is the last received.
  await database.db.execute(sql`select pg_notify('spillway', '{"kind":"run","id":"R-0002"}')`);
  await expect.poll(() => received, soon).toContainEqual({ kind: 'run', id: 'R-0002' });
  expect(received).toContainEqual(run);
  expect(received.length).toBeLessThan(100);
});

it('notifies a late subscriber that anything may have changed before', async () => {
  const first = listen();
  await expect.poll(() => first.received, soon).toEqual([anything]);
  expect(listen().received).toEqual([anything]);
  expect(first.received).toEqual([anything]);
});

it('sends no notification of uncommitted changes', async () => {
  const { received } = listen();
  await expect.poll(() => received, soon).toEqual([anything]);
  const undone = database.db.transaction(async (tx) => {
    await tx.insert(emergencyStops).values({ actor: 'local', reason: 'test' });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await databaseJournal(database.db, { runId: RunId.parse('R-0001'), number: 0 }).append(started);
  await expect.poll(() => received, soon).toEqual([anything, run]);
});

it('notifies of attempts, syncs, estates, deployments, test invocations, functions, freezes, the emergency stop, approvals and policies', async () => {
  const { db } = database;
  const { received } = listen();
  await expect.poll(() => received, soon).toEqual([anything]);
  const next = async (act: () => Promise<unknown>, change: Change) => {
    received.length = 0;
    await act();
    await expect.poll(() => received, soon).toEqual([change]);
  };
  const estate = { kind: 'estate', id: 'here' } as const;
  const attempt = { runId: RunId.parse('R-0001'), attempt: 1, direction: 'apply', actor: 'local' } as const;
  await next(async () => db.insert(runAttempts).values(attempt), run);
  const sync = { connectionId: 'here', state: 'running', startedAt: new Date() } as const;
  await next(async () => db.insert(syncs).values(sync), estate);
  await next(async () => db.update(syncs).set({ state: 'done' }), estate);
  await next(
    async () =>
      db.execute(
        sql`insert into ${estates} (connection_id, taken_at, version, estate) values ('here', now(), 1, '{}')`,
      ),
    estate,
  );
  const id = randomUUID();
  await next(
    async () =>
      db.execute(sql`
        insert into ${deployments} (id, connection_id, spec, state, actor)
        values (${id}, 'here', '{}', 'running', 'local')`),
    { kind: 'deployment', id },
  );
  await next(async () => db.update(deployments).set({ stage: null }), { kind: 'deployment', id });
  const isTested = { kind: 'testInvocations', id: 'here' } as const;
  const called = {
    region: 'r',
    namespace: 'n',
    name: 'f',
    qualifier: '1',
    event: { headers: {}, payload: '' },
  };
  const testInvocation = { id, connectionId: 'here', ...called, state: 'running', actor: 'local' } as const;
  await next(async () => db.insert(testInvocations).values(testInvocation), isTested);
  await next(async () => db.update(testInvocations).set({ calledAt: new Date() }), isTested);
  const isFunction = { kind: 'functions', id: 'here' } as const;
  const fn = { connectionId: 'here', region: 'r', namespace: 'n', name: 'f', state: 'running' } as const;
  const part = { part: 'versions' } as const;
  await next(async () => db.insert(functionReadings).values({ ...fn, key: 'versions', part }), isFunction);
  await next(async () => db.update(functionReadings).set({ state: 'done' }), isFunction);
  const change = { kind: 'delete' } as const;
  const changed = { ...fn, id, change, reason: 'test', actor: 'local' };
  await next(async () => db.insert(functionChanges).values(changed), isFunction);
  await next(async () => db.update(functionChanges).set({ state: 'done' }), isFunction);
  await next(
    async () =>
      db.execute(sql`insert into ${changeFreezes} (name, span, created_by) values ('12.12', '{}', 'local')`),
    { kind: 'schedule' },
  );
  await next(async () => db.delete(changeFreezes), { kind: 'schedule' });
  await next(async () => db.insert(emergencyStops).values({ actor: 'local', reason: 'test' }), {
    kind: 'schedule',
  });
  await next(async () => db.delete(emergencyStops), { kind: 'schedule' });
  const plan = { kind: 'plan', id: 'P-0001' } as const;
  const approval = {
    planId: PlanId.parse('P-0001'),
    hash: 'h',
    name: 'Intan',
    nameKey: 'intan',
    comment: '',
    actor: 'local',
  };
  await next(async () => db.insert(approvals).values(approval), plan);
  await next(async () => db.update(approvals).set({ withdrawnAt: new Date() }), plan);
  const acknowledged = { subject: 'R-0001', occurrence: '1', reason: 'known', actor: 'local' };
  await next(async () => db.insert(alertAcknowledgements).values(acknowledged), { kind: 'alerts' });
  const policy = { kind: 'sandbox', missedT0: { kind: 'skip' }, guards: [] } as const;
  await next(async () => db.insert(policies).values({ ...policy, setBy: 'local', setAt: new Date() }), {
    kind: 'policy',
  });
  const rules = { rules: [], setBy: 'local', setAt: new Date() };
  await next(async () => db.insert(approvalPolicies).values(rules), { kind: 'policy' });
});

it('notifies of an account that becomes unavailable or available, and not of one that is stored again unchanged', async () => {
  const { db } = database;
  const { received } = listen();
  await expect.poll(() => received, soon).toEqual([anything]);
  received.length = 0;
  await db.update(connections).set({ available: true });
  await db.update(connections).set({ available: false }).where(eq(connections.id, 'here'));
  await expect.poll(() => received, soon).toEqual([{ kind: 'connection', id: 'here' }]);
  await db.update(connections).set({ available: true });
});

it('notifies of the board separately from the rounds of its Switches', async () => {
  const { db } = database;
  const { received } = listen();
  await expect.poll(() => received, soon).toEqual([anything]);
  const next = async (act: () => Promise<unknown>, changes: readonly Change[]) => {
    received.length = 0;
    await act();
    await expect.poll(() => received, soon).toEqual(changes);
  };
  const board = { kind: 'switches' } as const;
  const round = { kind: 'round', id: 'S-0001' } as const;
  const put = sql`insert into switch (id, connection_id, diversion, policy, set_by) values ('S-0001', 'here', '{}', '{}', 'x')`;
  await next(() => db.execute(put), [board]);
  await next(async () => db.update(switches).set({ rounds: [], decision: null }), [round]);
  await next(async () => db.update(switches).set({ state: 'failedOver', movedAt: new Date() }), [board]);
  await next(async () => db.update(switches).set({ state: 'enabled', rounds: [] }), [round, board]);
  await next(async () => db.delete(switches), [board]);
});

it('reconnects when its connection is killed, and notifies all subscribers that anything may have changed', async () => {
  const all = [listen(), listen()];
  for (const { received } of all) await expect.poll(() => received, soon).toEqual([anything]);
  const { rows } = await database.db.execute<{ pid: number }>(listeners);
  const [killed] = rows;
  await database.db.execute(sql`select pg_terminate_backend(pid) from (${listeners}) as own`);
  for (const { received } of all) await expect.poll(() => received, soon).toEqual([anything, anything]);
  const now = await database.db.execute<{ pid: number }>(listeners);
  expect(now.rows).toHaveLength(1);
  expect(now.rows[0]?.pid).not.toBe(killed?.pid);
  await databaseJournal(database.db, { runId: RunId.parse('R-0001'), number: 0 }).append(started);
  for (const { received } of all) await expect.poll(() => received, soon).toEqual([anything, anything, run]);
});

it('treats an unknown message as a change of anything', async () => {
  const { received } = listen();
  await expect.poll(() => received, soon).toEqual([anything]);
  for (const payload of ['{"kind":"comet"}', 'not json']) {
    received.length = 0;
    await database.db.execute(sql`select pg_notify('spillway', ${payload})`);
    await expect.poll(() => received, soon).toEqual([anything]);
  }
});

it('accepts subscribers up to its limit, and a new one after one has left', () => {
  const leaves = Array.from({ length: 200 }, () => listen().leave);
  const one = { owner: null, notify: () => {}, end: () => {} };
  expect(feed.subscribe(one)).toBe('full');
  leaves[7]?.();
  expect(feed.subscribe(one)).toEqual(expect.any(Function));
});

it('accepts 20 subscribers of one owner, and others beside them', () => {
  const subscribe = (owner: string | null) => feed.subscribe({ owner, notify: () => {}, end: () => {} });
  const [leave] = Array.from({ length: 20 }, () => subscribe('person sari'));
  expect(subscribe('person sari')).toBe('tooMany');
  expect(subscribe('person budi')).toEqual(expect.any(Function));
  invariant(typeof leave === 'function', 'the first was accepted');
  leave();
  expect(subscribe('person sari')).toEqual(expect.any(Function));
  expect(subscribe('person sari')).toBe('tooMany');
});

it('closes its subscriptions and its connection when it is closed, and accepts no more', async () => {
  let ends = 0;
  const { received } = listen();
  const subscriber = { owner: null, notify: () => {}, end: () => (ends += 1) };
  feed.subscribe(subscriber);
  await expect.poll(() => received, soon).toEqual([anything]);
  feed.close();
  expect(ends).toBe(1);
  expect(feed.subscribe(subscriber)).toBe('full');
  await expect.poll(async () => (await database.db.execute(listeners)).rows, soon).toEqual([]);
});
