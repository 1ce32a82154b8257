import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { workers } from '@/lib/db/schema';
import { engineVersion } from '@/lib/run/durable/work';
import { noAlerts } from '@/testing/components/test-rail';
import { testContext } from '@/testing/server/test-context';

const countDrift = vi.fn<typeof import('@/lib/store/drift/count-drift').countDrift>();
vi.doMock('@/lib/store/drift/count-drift', () => ({ countDrift }));
vi.resetModules();
const { getRail } = await import('./get-rail');
afterAll(() => {
  vi.doUnmock('@/lib/store/drift/count-drift');
  vi.resetModules();
});
const context = testContext();
beforeEach(() => context.clear());
afterEach(() => vi.resetAllMocks());

it('returns the counts of the entries', async () => {
  countDrift.mockResolvedValue({ test: 3 });
  expect(await getRail()).toEqual({
    unapproved: 0,
    drifted: { test: 3 },
    alerts: noAlerts,
    failoverEnabled: 0,
    problems: 0,
    worker: 'none',
  });
});

it('responds without waiting for the drift count', async () => {
  countDrift.mockResolvedValueOnce({ test: 2 });
  await getRail();
  countDrift.mockReturnValue(new Promise(() => undefined));
  expect(await getRail()).toEqual({
    unapproved: 0,
    // The last count is kept: without it, the missing badge would suggest that there is no drift.
    drifted: { test: 2 },
    alerts: noAlerts,
    failoverEnabled: 0,
    problems: 0,
    worker: 'none',
  });
});

it('counts the problems of running workers, and none of stopped ones', async () => {
  countDrift.mockResolvedValue({});
  const at = '2026-01-01T00:00:00.000Z';
  const problem = { loop: 'sync', object: 'x', message: 'm', failures: 1, since: at, retryAt: at } as const;
  const worker = (id: string, secondsAgo: number, count: number) => ({
    id,
    version: '1',
    engineVersion: '1',
    startedAt: new Date(),
    measures: [],
    seenAt: sql`now() - make_interval(secs => ${secondsAgo})`,
    problems: Array.from({ length: count }, () => problem),
  });
  await context.db.insert(workers).values([worker('a', 1, 2), worker('b', 2, 1), worker('gone', 60, 4)]);
  expect(await getRail()).toMatchObject({ problems: 3 });
  await context.db.delete(workers);
});

it('reports whether a worker of this build is running', async () => {
  countDrift.mockResolvedValue({});
  const worker = (id: string, version: string, secondsAgo: number) => ({
    id,
    version: '1',
    engineVersion: version,
    startedAt: new Date(),
    measures: [],
    seenAt: sql`now() - make_interval(secs => ${secondsAgo})`,
    problems: [],
  });
  await context.db.insert(workers).values(worker('gone', engineVersion, 60));
  expect(await getRail()).toMatchObject({ worker: 'none' });
  await context.db.insert(workers).values(worker('other', 'other', 1));
  expect(await getRail()).toMatchObject({ worker: 'otherVersion' });
  await context.db.insert(workers).values(worker('own', engineVersion, 1));
  expect(await getRail()).toMatchObject({ worker: 'live' });
  await context.db.delete(workers);
});

it('reports a count that fails', async () => {
  countDrift.mockRejectedValue(new Error('the database is away'));
  await expect(getRail()).rejects.toThrow('navigation.count failed');
});
