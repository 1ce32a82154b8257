import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/model/fold-run';
import { testContext } from '@/testing/server/test-context';
import { histories, type StoredAttempt, storeTestRun } from '@/testing/server/test-runs';
import { listRuns } from './list-runs';

const account = { id: 'c', name: 'the account', kind: 'sandbox', portOffset: 0, available: true } as const;
const context = testContext(({ db }) => db.insert(connections).values(account));

const forgetRuns = async () => {
  for (const table of [runEvents, runAttempts, runs, plans]) await context.db.delete(table);
};
beforeEach(forgetRuns);

it('lists runs, the newest first, in the same states that folding each of them finds', async () => {
  await fc.assert(
    fc.asyncProperty(histories(12), async (all) => {
      await forgetRuns();
      const views = [];
      for (const attempts of all) views.unshift(foldRun(await storeTestRun(context.db, attempts)));
      expect(await listRuns()).toEqual(
        views.map(({ id, planId, name, state, retrying }) => ({
          id,
          planId,
          name,
          state,
          connectionName: 'the account',
          actor: 'x',
          cutover: null,
          retrying: retrying && { what: 'DescribeTargets', since: retrying.since, everyMs: 800 },
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
  for (let count = 0; count < 102; count += 1) ids.unshift((await storeTestRun(context.db, waiting)).id);
  expect((await listRuns()).map(({ id }) => id)).toEqual(ids.slice(0, 100));
}, 60_000);
