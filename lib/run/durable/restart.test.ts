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
const waiting = new Set<string>();
const hour = 3_600_000;

beforeAll(async () => {
  database = await startTestDatabase();
  const client = await connectEngine(database.url);
  const { pool, close } = openDatabase(database.url, () => {});
  const transaction = await pool.connect();
  await transaction.query('begin');
  for (const runId of left) await client.enqueueRun({ runId: RunId.parse(runId), attempt: 1 }, transaction);
  // As a worker that started them and was killed.
  await transaction.query(`update dbos.workflow_status set status = 'PENDING', executor_id = 'test'`);
  await transaction.query('commit');
  transaction.release();
  await close();
  await client.close();
}, 60_000);

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
    handlers: {
      async run({ runId }, { inbox, once }) {
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
