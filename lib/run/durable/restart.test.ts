import { DBOS } from '@dbos-inc/dbos-sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import { RunId } from '@/lib/run/model/run-id';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { connectEngine } from './connect-engine';
import { startEngine } from './start-engine';

/* Starts the real engine on a real database, where a worker of the same name was killed. */

let database: TestDatabase;
const left = Array.from({ length: 40 }, (_, index) => `R-${index + 1}`);
/** Runs whose instants are far, nearest first. */
const far = Array.from({ length: 5 }, (_, index) => `R-${index + 101}`);
const waiting = new Set<string>();
/** The work of the far runs, and what they received. */
const resumed: string[][] = [];
const hour = 3_600_000;

beforeAll(async () => {
  database = await startTestDatabase();
  const client = await connectEngine(database.url);
  const { pool, close } = openDatabase(database.url, () => {});
  const transaction = await pool.connect();
  await transaction.query('begin');
  for (const runId of [...left, ...far])
    await client.enqueueRun({ runId: RunId.parse(runId), attempt: 1 }, transaction);
  // As a worker that started them and was killed.
  await transaction.query(`update dbos.workflow_status set status = 'PENDING', executor_id = 'test'`);
  await transaction.query(`insert into dbos.operation_outputs (workflow_uuid, function_id, function_name, output)
    select workflow_uuid, 0, 'once', '"recorded"' from dbos.workflow_status where workflow_uuid like 'R-10_.1'`);
  await transaction.query('commit');
  const first = { runId: RunId.parse('R-101'), attempt: 1 };
  await client.send(first, { command: 'check' });
  await client.send(first, { id: '1', command: 'pause', actor: 'sari', reason: '' });
  await transaction.query('update dbos.notifications set consumed = true, consumed_by_function_id = 1');
  transaction.release();
  await close();
  await client.close();
});

afterAll(async () => {
  await DBOS.shutdown({ deregister: true });
  await database.stop();
});

it('a worker reports ready when the runs of its previous process have resumed, waiting or ended', async () => {
  const over: string[] = [];
  const warned: unknown[] = [];
  const nothing = async () => {};
  const { untilRecovered } = await startEngine({
    databaseUrl: database.url,
    executorId: 'test',
    log: {
      debug: () => {},
      warn: (entry) => void warned.push(entry),
      error: (entry) => void warned.push(entry),
    },
    onReadOnly: () => Promise.reject(new Error('not expected')),
    listWaiting: async () => [...far, 'R-1000'].map((runId) => ({ runId: RunId.parse(runId), attempt: 1 })),
    handlers: {
      async run({ runId }, { inbox, once }) {
        if (far.includes(runId)) {
          const step = await once('once', async () => 'done again');
          const message = await inbox.take(null);
          resumed.push([runId, step, ...(message === null ? [] : [message.command])]);
          await inbox.take(new Date(Date.now() + hour));
        }
        if (runId === 'R-7') over.push(runId);
        else if (runId === 'R-8')
          await once('long', async () => {
            over.push(runId);
            await new Promise(() => {});
          });
        else {
          const rest = inbox.take(new Date(Date.now() + hour));
          waiting.add(runId);
          await rest;
        }
      },
      sync: nothing,
      deploy: nothing,
      traffic: nothing,
      testInvocation: nothing,
      functionReading: nothing,
      trafficHistory: nothing,
      functionChange: nothing,
      rehearsal: nothing,
    },
  });
  await untilRecovered();
  expect(waiting.size).toBe(left.length - 2);
  expect(over.sort()).toEqual(['R-7', 'R-8']);
  expect(warned).toEqual([]);
});

it('resumes far runs afterwards, from their beginning, with the commands that they had received', async () => {
  await expect.poll(() => resumed.length, { timeout: 20_000 }).toBe(far.length);
  const again = far.map((runId) => [runId, 'done again']);
  expect(resumed.toSorted()).toEqual([[...(again[0] ?? []), 'pause'], ...again.slice(1)]);
});
