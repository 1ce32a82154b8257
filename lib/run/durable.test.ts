import { DBOS } from '@dbos-inc/dbos-sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '@/lib/db/test-database';
import { connectEngine, type EngineClient, startEngine } from './durable';

/* The real engine on a real database; what a sync does is let go by hand. */

type Running = { readonly connectionId: string; readonly end: () => void };

let database: TestDatabase;
let client: EngineClient;
const started: Running[] = [];
let told = () => {};
const quiet = { debug: () => {}, warn: () => {}, error: () => {} };

beforeAll(async () => {
  database = await startTestDatabase();
  await startEngine({
    databaseUrl: database.url,
    executorId: 'test',
    log: quiet,
    handlers: {
      run: async () => {},
      deploy: async () => {},
      sync: ({ connectionId }) =>
        new Promise<void>((end) => {
          started.push({ connectionId, end });
          told();
        }),
    },
  });
  client = await connectEngine(database.url);
}, 60_000);

afterAll(async () => {
  for (const { end } of started) end();
  await client.close();
  await DBOS.shutdown();
  await database.stop();
});

/** Resolves when this many syncs have started in all. */
async function syncs(count: number): Promise<readonly string[]> {
  while (started.length < count) await new Promise<void>((resolve) => (told = resolve));
  return started.map(({ connectionId }) => connectionId);
}
const ask = (connectionId: string) => client.enqueueSync({ connectionId });
const end = (index: number) => started[index]?.end();

it('a sync asked for while one runs starts after that one, once however often it is asked for', async () => {
  await ask('a');
  expect(await syncs(1)).toEqual(['a']);
  await Promise.all([ask('a'), ask('a'), ask('a')]);
  // Another account's sync is not kept waiting, and passes by: had a second of this one been let in, it came first.
  await ask('b');
  expect(await syncs(2)).toEqual(['a', 'b']);
  end(0);
  expect(await syncs(3)).toEqual(['a', 'b', 'a']);

  // The follow-up runs: what is asked for now comes after it, on and on.
  await Promise.all([ask('a'), ask('a')]);
  end(2);
  expect(await syncs(4)).toEqual(['a', 'b', 'a', 'a']);
  end(3);
  end(1);
  await ask('c');
  expect(await syncs(5)).toEqual(['a', 'b', 'a', 'a', 'c']);
  end(4);
}, 30_000);
