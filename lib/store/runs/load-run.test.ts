import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { connections, plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { testContext } from '@/testing/server/test-context';
import { histories, storeTestRun } from '@/testing/server/test-runs';
import { loadRun, loadRuns } from './load-run';

const account = { id: 'c', name: 'the account', kind: 'sandbox', portOffset: 0, available: true } as const;
const context = testContext(({ db }) => db.insert(connections).values(account));

const forgetRuns = async () => {
  for (const table of [runEvents, runAttempts, runs, plans]) await context.db.delete(table);
};
beforeEach(forgetRuns);

const at = '2026-12-12T00:00:00.000Z';
const round: RunEvent = { type: 'watched', sample: { at, measures: {}, probes: [] }, at, direction: 'apply' };

it('loads runs in a batch like one by one, in the requested order, without measurements', async () => {
  await fc.assert(
    fc.asyncProperty(histories(6), async (all) => {
      await forgetRuns();
      const ids: RunId[] = [];
      for (const attempts of all) {
        const { id } = await storeTestRun(context.db, attempts);
        await context.write(id, round);
        ids.unshift(id);
      }
      const loaded = await loadRuns(context.db, [RunId.parse('R-none'), ...ids]);
      expect(loaded.map(({ id }) => id)).toEqual(ids);
      for (const run of loaded) {
        const whole = await loadRun(context.db, run.id);
        expect(whole?.events.at(-1)).toEqual(round);
        expect({ ...run, isIntact: false, events: [...run.events, round] }).toEqual(whole);
        expect(foldRun(run).state).toBe(whole && foldRun(whole).state);
      }
    }),
    { numRuns: 20 },
  );
});

it('finds no run for an unknown id', async () => {
  expect(await loadRun(context.db, RunId.parse('R-none'))).toBeNull();
  expect(await loadRuns(context.db, [])).toEqual([]);
});
