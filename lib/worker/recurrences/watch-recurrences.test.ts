import pino from 'pino';
import { beforeEach, expect, it, vi } from 'vitest';
import { occurrences } from '@/lib/db/schema';
import { setRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { testRule } from '@/testing/plan/test-recurrence';
import { testContext } from '@/testing/server/test-context';
import { startRecurrences } from './watch-recurrences';

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

it('creates what is due of each series under the lock of that series, and nothing while another worker has it', async () => {
  const { diversionId } = await context.plan();
  const rule = testRule({ aheadDays: 1 });
  expect(await setRecurrence({ diversionId, rule, reason: 'each day', typedDomain: null })).toMatchObject({
    ok: true,
  });
  const log = pino({ level: 'silent' });
  const locks: string[] = [];
  const onError = vi.fn();
  startRecurrences({
    loop: workLoop('recurrences', { log }),
    lease: {
      // Another worker has the lock at first.
      whileFree: async (lock, act) => {
        locks.push(lock);
        if (locks.length < 2) return false;
        await act();
        return true;
      },
    },
    now: () => new Date(),
    onError,
  });
  await vi.waitFor(() => expect(locks).toHaveLength(1), 30_000);
  expect(await context.db.select().from(occurrences)).toEqual([]);
  await vi.waitFor(async () => {
    const created = await context.db.select().from(occurrences);
    expect(created.map(({ settledAt, problem }) => [settledAt !== null, problem])).toEqual([[true, null]]);
  }, 30_000);
  expect(new Set(locks)).toEqual(new Set([`recurrence:${diversionId}`]));
  expect(onError).not.toHaveBeenCalled();
});
