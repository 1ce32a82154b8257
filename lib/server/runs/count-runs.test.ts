import fc from 'fast-check';
import { expect, it } from 'vitest';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/model/fold-run';
import { fileDatabase } from '@/testing/db/test-file-database';
import { histories, storeTestRun } from '@/testing/server/test-runs';
import { countRuns } from './count-runs';

const account = { id: 'c', name: 'c', kind: 'sandbox', portOffset: 0, available: true } as const;
const database = fileDatabase(({ db }) => db.insert(connections).values(account));

/** Returns how often each value occurs. */
function countEach<T>(all: readonly T[]): Map<T, number> {
  return new Map([...new Set(all)].map((one) => [one, all.filter((each) => each === one).length]));
}

it('returns the same counts as folding each run', async () => {
  await fc.assert(
    fc.asyncProperty(histories(25), async (all) => {
      for (const table of [runEvents, runAttempts, runs, plans]) await database.db.delete(table);
      const views = (await Promise.all(all.map((attempts) => storeTestRun(database.db, attempts)))).map(
        foldRun,
      );
      const counted = await countRuns(database.db);
      expect(counted.byState).toEqual(countEach(views.map(({ state }) => state)));
      const stopped = views.filter(({ state }) => state === 'stopped').flatMap((view) => view.stopped ?? []);
      expect(counted.stoppedBy).toEqual(countEach(stopped.map(({ reason }) => reason.kind)));
      const since = stopped.map((each) => Date.parse(each.at));
      expect(counted.stoppedSince?.getTime() ?? null).toBe(since.length === 0 ? null : Math.min(...since));
    }),
    { numRuns: 25 },
  );
});
