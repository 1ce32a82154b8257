import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import type { HistoryCloud } from '@/lib/cloud/port';
import { connections, trafficHistories } from '@/lib/db/schema';
import type { TrafficHistory } from '@/lib/estate/history/traffic-history';
import { startTestDatabase } from '@/testing/db/test-database';
import { readStoredHistory } from './read-stored-history';

const job = { connectionId: 'acme', key: 'k' };
const asked = {
  place: { region: 'ap-singapore', loadBalancerId: 'lb-1', listenerId: null, domain: null, url: null },
  span: { from: 0, to: 120_000, periodS: 60 },
};
const content: TrafficHistory = { from: new Date(0).toISOString(), periodS: 60, rps: [1, null] };
const onError = vi.fn();
const database = await startTestDatabase();
const own = {
  id: 'acme',
  name: 'Acme',
  kind: 'sandbox',
  portOffset: 0,
  isolation: null,
  available: true,
} as const;
await database.db.insert(connections).values(own);
afterAll(() => database.stop());
beforeEach(async () => {
  onError.mockClear();
  await database.db.delete(trafficHistories);
  await database.db.insert(trafficHistories).values({ ...job, asked, state: 'running' });
});

async function read(readTrafficHistory: HistoryCloud['readTrafficHistory']) {
  await readStoredHistory({ db: database.db, cloudOf: () => ({ readTrafficHistory }), onError }, job);
  const [row] = await database.db.select().from(trafficHistories).where(eq(trafficHistories.key, 'k'));
  return row;
}

it('stores what the account answers', async () => {
  const questions: object[] = [];
  const row = await read(async (question) => {
    questions.push(question);
    return content;
  });
  expect(questions).toEqual([asked]);
  expect(row).toMatchObject({ state: 'done', content, error: null, readAt: expect.any(Date) });
});

it('stores the error of the cloud, and keeps what was read before', async () => {
  await read(async () => content);
  const data = {
    code: 'RequestLimitExceeded',
    message: 'too fast',
    requestId: 'req-1',
    action: 'GetMonitorData',
    region: 'ap-singapore',
    mayHaveHappened: false,
    advice: 'retry',
  } as const;
  const row = await read(async () => {
    throw new CloudError(data);
  });
  expect(row).toMatchObject({ state: 'failed', content, error: data });
  expect(onError).not.toHaveBeenCalled();
});

it('reports an error of its own, without its text', async () => {
  const cause = new Error('secret');
  const row = await read(async () => {
    throw cause;
  });
  expect(onError).toHaveBeenCalledWith(cause, job);
  expect(row).toMatchObject({ state: 'failed', error: { code: 'Internal', action: 'GetMonitorData' } });
  expect(JSON.stringify(row?.error)).not.toContain('secret');
});
