import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { startTestDatabase, type TestDatabase } from '@/lib/db/test-database';
import { foldRun } from '@/lib/run/fold-run';
import { serverContext } from './context';
import { listRuns } from './list-runs';
import { histories, type StoredAttempt, storeTestRun } from './test-runs';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  process.env.DATABASE_URL = database.url;
  await database.db
    .insert(connections)
    .values({ id: 'c', name: 'the account', kind: 'sandbox', portOffset: 0, available: true });
}, 60_000);
afterAll(async () => {
  const opened = await serverContext();
  await opened.engine.close();
  await opened.database.close();
  await database.stop();
});

const forgetRuns = async () => {
  for (const table of [runEvents, runAttempts, runs, plans]) await database.db.delete(table);
};
beforeEach(forgetRuns);

it('lists runs, the newest first, in the states that folding each of them finds', async () => {
  await fc.assert(
    fc.asyncProperty(histories(12), async (all) => {
      await forgetRuns();
      const views = [];
      for (const attempts of all) views.unshift(foldRun(await storeTestRun(database.db, attempts)));
      expect(await listRuns()).toEqual(
        views.map(({ id, planId, name, state }) => ({
          ...{ id, planId, name, state, connectionName: 'the account', actor: 'x', cutover: null },
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        })),
      );
    }),
    { numRuns: 25 },
  );
}, 60_000);

it('stops at the hundred newest', async () => {
  const waiting: StoredAttempt[] = [{ direction: 'apply', at: '', starts: 0, later: [] }];
  const ids: string[] = [];
  for (let count = 0; count < 102; count += 1) ids.unshift((await storeTestRun(database.db, waiting)).id);
  expect((await listRuns()).map(({ id }) => id)).toEqual(ids.slice(0, 100));
}, 60_000);
