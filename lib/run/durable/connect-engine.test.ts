import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { countQueuedStatements } from '@/testing/db/queued-statements';
import { startTestDatabase } from '@/testing/db/test-database';
import { connectEngine } from './connect-engine';

const server = await startTestDatabase();

afterAll(() => server.stop());

it('sets up each of its connections before it sends a request over it', async () => {
  const queued = countQueuedStatements(pg.Client.prototype);
  const engine = await connectEngine(server.url);
  const connectionIds = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all(connectionIds.map((connectionId) => engine.enqueueSync({ connectionId })));
  const { rows } = await server.db.execute(
    sql`select distinct queue_partition_key as id from dbos.workflow_status order by id`,
  );
  expect(rows.map(({ id }) => id)).toEqual(connectionIds);
  await engine.close();
  expect(queued.count()).toBe(0);
  queued.stop();
});
