import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/model/fold-run';
import { testContext } from '@/testing/server/test-context';
import { histories, storeTestRun } from '@/testing/server/test-runs';
import { readRunStates } from './last-state-events';

const account = { id: 'c', name: 'the account', kind: 'sandbox', portOffset: 0, available: true } as const;
const context = testContext(({ db }) => db.insert(connections).values(account));

const forgetRuns = async () => {
  for (const table of [runEvents, runAttempts, runs, plans]) await context.db.delete(table);
};
beforeEach(forgetRuns);

it('returns the same states as folding each run', async () => {
  await fc.assert(
    fc.asyncProperty(histories(12), async (all) => {
      await forgetRuns();
      const views = [];
      for (const attempts of all) views.push(foldRun(await storeTestRun(context.db, attempts)));
      const states = await readRunStates(
        context.db,
        views.map(({ id }) => id),
      );
      expect(states).toEqual(new Map(views.map(({ id, state }) => [id, state])));
    }),
    { numRuns: 25 },
  );
});
