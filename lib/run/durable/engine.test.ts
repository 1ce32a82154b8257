import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { currentLogFields, keepLogFields, type LogFields, withLogFields } from '@/lib/log/log-fields';
import { RunId } from '@/lib/run/model/run-id';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import type { Inbox } from '../steps/ports';
import { connectEngine, type EngineClient } from './connect-engine';
import { queueDepths } from './queue-depths';
import { startEngine } from './start-engine';

/* Runs the real engine on a real database; tests complete the syncs explicitly. */

type Running = { readonly connectionId: string; readonly end: () => void };

let database: TestDatabase;
let client: EngineClient;
const started: Running[] = [];
let told = () => {};
const rehearsing: { readonly rehearsalId: string; readonly end: () => void }[] = [];
let toldRehearsal = () => {};
let said: (fields: LogFields) => void = () => {};
/** The work of run R-0002, in order. */
let waiting: (inbox: Inbox) => Promise<void> = async () => {};
/** Called when a run finds that the database only reads; the test ends its process. */
let stopped: () => Promise<never> = () => Promise.reject(new Error('not expected'));
const quiet = { debug: () => {}, warn: () => {}, error: () => {} };

beforeAll(async () => {
  database = await startTestDatabase();
  await startEngine({
    listWaiting: async () => [],
    databaseUrl: database.url,
    executorId: 'test',
    log: quiet,
    onReadOnly: () => stopped(),
    handlers: {
      run: (job, { once, inbox }) =>
        withLogFields({ run: job.runId }, async () => {
          await inbox.take(null);
          if (job.runId === 'R-0002') return waiting(inbox);
          await once('look', async () => said(currentLogFields()));
        }),
      deploy: async () => {},
      traffic: async () => {},
      testInvocation: async () => {},
      functionReading: async () => {},
      trafficHistory: async () => {},
      functionChange: async () => {},
      rehearsal: ({ rehearsalId }) =>
        new Promise<void>((end) => {
          rehearsing.push({ rehearsalId, end });
          toldRehearsal();
        }),
      sync: ({ connectionId }) =>
        new Promise<void>((end) => {
          started.push({ connectionId, end });
          told();
        }),
    },
  });
  client = await connectEngine(database.url);
});

afterAll(async () => {
  for (const { end } of [...started, ...rehearsing]) end();
  await client.close();
  await DBOS.shutdown({ deregister: true });
  await database.stop();
});

/** Resolves when this many syncs have started in all. */
async function syncs(count: number): Promise<readonly string[]> {
  while (started.length < count) await new Promise<void>((resolve) => (told = resolve));
  return started.map(({ connectionId }) => connectionId);
}
const ask = (connectionId: string) => client.enqueueSync({ connectionId });

/** Enqueues work in one transaction: without one, the engine can start the work before its input is stored. */
async function enqueued(pool: pg.Pool, enqueue: (connection: pg.PoolClient) => Promise<void>): Promise<void> {
  const connection = await pool.connect();
  await connection.query('begin');
  await enqueue(connection);
  await connection.query('commit');
  connection.release();
}
const end = (index: number) => started[index]?.end();

it('starts a sync requested during another one after it, only once for several requests', async () => {
  await ask('a');
  expect(await syncs(1)).toEqual(['a']);
  await Promise.all([ask('a'), ask('a'), ask('a')]);
  // Another account's sync does not wait and overtakes: a second sync of this account, if admitted, would have come
  // first.
  await ask('b');
  expect(await syncs(2)).toEqual(['a', 'b']);
  end(0);
  expect(await syncs(3)).toEqual(['a', 'b', 'a']);

  // The queued sync runs: a request made now comes after it, and so on.
  await Promise.all([ask('a'), ask('a')]);
  end(2);
  expect(await syncs(4)).toEqual(['a', 'b', 'a', 'a']);
  end(3);
  end(1);
  await ask('c');
  expect(await syncs(5)).toEqual(['a', 'b', 'a', 'a', 'c']);
  end(4);
});

it('keeps the run id inside recorded steps', async () => {
  keepLogFields();
  const fields = new Promise<LogFields>((resolve) => (said = resolve));
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    await enqueued(pool, (connection) =>
      client.enqueueRun({ runId: RunId.parse('R-0001'), attempt: 1 }, connection),
    );
    expect(await fields).toEqual({ run: 'R-0001' });
  } finally {
    await pool.end();
  }
});

it('rehearses beside a fire drill, one of each at a time', async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const inProgress = async (count: number) => {
    while (rehearsing.length < count) await new Promise<void>((resolve) => (toldRehearsal = resolve));
    return rehearsing.map(({ rehearsalId }) => rehearsalId);
  };
  try {
    const rehearse = (rehearsalId: string, of: 'drill' | 'rehearsal') =>
      enqueued(pool, (connection) => client.enqueueRehearsal({ rehearsalId }, of, connection));
    await rehearse('H-0001', 'drill');
    expect(await inProgress(1)).toEqual(['H-0001']);
    await rehearse('H-0002', 'drill');
    await rehearse('H-0003', 'rehearsal');
    // The second drill is older, and waits.
    expect(await inProgress(2)).toEqual(['H-0001', 'H-0003']);
    rehearsing[0]?.end();
    expect(await inProgress(3)).toEqual(['H-0001', 'H-0003', 'H-0002']);
    for (const { end: finish } of rehearsing) finish();
  } finally {
    await pool.end();
  }
});

it('counts the waiting and started work of each queue, with the start of the oldest wait', async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    const before = Date.now();
    await ask('d');
    await syncs(6);
    await ask('d');
    const depths = await queueDepths(pool);
    expect(depths.find(({ queue }) => queue === 'syncs')).toMatchObject({ waiting: 1, running: 1 });
    const waitingSince = depths.find(({ queue }) => queue === 'syncs')?.oldestWaitingAt ?? 0;
    // Up to the engine's own rounding, it is the time of the second one.
    expect(waitingSince).toBeGreaterThanOrEqual(before - 1);
    expect(depths.find(({ queue }) => queue === 'chores')).toEqual({
      queue: 'chores',
      waiting: 0,
      running: 0,
      oldestWaitingAt: null,
    });
    end(5);
    await syncs(7);
    end(6);
  } finally {
    await pool.end();
  }
});

it('a wait ends at its instant and not before, and returns a message that arrives right before it', async () => {
  const pause = { id: 'M-1', command: 'pause', actor: 'x', reason: '' } as const;
  const over = new Promise<readonly unknown[]>((resolve) => {
    waiting = async (inbox) => {
      const instant = new Date(Date.now() + 700);
      const nothing = await inbox.take(instant);
      const earlyMs = Math.max(0, instant.getTime() - Date.now());
      // On a busy machine a message may be sent too late for its wait: then the next wait is tried.
      for (;;) {
        const end = new Date(Date.now() + 450);
        const soon = inbox.take(end);
        await client.send({ runId: RunId.parse('R-0002'), attempt: 1 }, pause);
        const isInTime = Date.now() < end.getTime();
        const received = await soon;
        if (isInTime) return resolve([nothing, earlyMs, received]);
        if (received === null) await inbox.take(null);
      }
    };
  });
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    await enqueued(pool, (connection) =>
      client.enqueueRun({ runId: RunId.parse('R-0002'), attempt: 1 }, connection),
    );
    expect(await over).toEqual([null, 0, pause]);
  } finally {
    await pool.end();
  }
});

it('a run that meets a database that only reads is not recorded as failed, so that the next process recovers it', async () => {
  let end = () => {};
  const found = new Promise<void>((resolve) => {
    stopped = () => {
      resolve();
      return new Promise<never>((_resolve, reject) => {
        end = () => reject(new Error('the process has ended'));
      });
    };
  });
  waiting = () =>
    Promise.reject(
      Object.assign(new Error('cannot execute UPDATE in a read-only transaction'), { code: '25006' }),
    );
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    await enqueued(pool, (connection) =>
      client.enqueueRun({ runId: RunId.parse('R-0002'), attempt: 2 }, connection),
    );
    await found;
    const { rows } = await pool.query(
      `select status from dbos.workflow_status where workflow_uuid = 'R-0002.2'`,
    );
    expect(rows).toEqual([{ status: 'PENDING' }]);
  } finally {
    end();
    await pool.end();
  }
});
