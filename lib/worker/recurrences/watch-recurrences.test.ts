import { eq } from 'drizzle-orm';
import { beforeEach, expect, it, vi } from 'vitest';
import { occurrences, recurrences } from '@/lib/db/schema';
import { setRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { testSplit } from '@/testing/plan/test-estate';
import { testRule } from '@/testing/plan/test-recurrence';
import { testContext } from '@/testing/server/test-context';
import { recurrenceRounds } from './watch-recurrences';

const silent = () => ({ warn: vi.fn(), debug: vi.fn() });

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

/** Another worker holds none of the locks. */
const whileFree = async (_lock: string, act: () => Promise<void>) => {
  await act();
  return true;
};
const now = () => new Date();

it('creates due occurrences of each series under its lock, and nothing while runs go first or another worker has it', async () => {
  const { diversionId } = await context.plan();
  const rule = testRule({ aheadDays: 1 });
  expect(await setRecurrence({ diversionId, rule, reason: 'each day', typedDomain: null })).toMatchObject({
    ok: true,
  });
  const locks: string[] = [];
  const lease = {
    // Another worker holds the lock at first.
    whileFree: async (lock: string, act: () => Promise<void>) => {
      locks.push(lock);
      return locks.length < 2 ? false : whileFree(lock, act);
    },
  };
  let mustYield = true;
  const round = recurrenceRounds({
    loop: workLoop('recurrences', { log: silent() }),
    lease,
    now,
    mustYield: async () => mustYield,
  });
  // Runs go first.
  await round();
  expect(locks).toEqual([]);
  mustYield = false;
  await round();
  expect(await context.db.select().from(occurrences)).toEqual([]);
  await round();
  const created = await context.db.select().from(occurrences);
  expect(created.map(({ settledAt, problem }) => [settledAt !== null, problem])).toEqual([[true, null]]);
  // Nothing is due any more.
  await round();
  expect(locks).toEqual(Array(2).fill(`recurrence:${diversionId}`));
});

it('reports a series whose rule this machine can’t use, and creates due occurrences of the others', async () => {
  const rule = testRule({ aheadDays: 1 });
  const plan = async (name: string) => {
    const { diversionId } = await context.plan({ ...testSplit(), name });
    await setRecurrence({ diversionId, rule, reason: 'each day', typedDomain: null });
    return diversionId;
  };
  const [broken, whole] = [await plan('Broken'), await plan('Whole')];
  await context.db
    .update(recurrences)
    .set({ rule: { ...rule, zone: 'Mars/Base' } })
    .where(eq(recurrences.diversionId, broken));
  const log = silent();
  let at = Date.now();
  const loop = workLoop('recurrences', { log, now: () => new Date(at) });
  const round = recurrenceRounds({ loop, lease: { whileFree }, now, mustYield: async () => false });
  await round();
  const created = await context.db.select().from(occurrences);
  expect(created.map(({ seriesId }) => seriesId)).toEqual([whole]);
  expect(loop.problems()).toMatchObject([
    { loop: 'recurrences', object: `diversion ${broken}`, message: expect.stringContaining('rule.zone') },
  ]);
  expect(log.warn).toHaveBeenCalledOnce();

  // A valid rule with nothing due clears the failure.
  await context.db.update(recurrences).set({ setAt: new Date(), rule: { ...rule, from: '2099-01-01' } });
  at += 60_000;
  await round();
  expect(loop.problems()).toEqual([]);
});
