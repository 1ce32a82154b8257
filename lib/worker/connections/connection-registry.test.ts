import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import { RateBudgets, realSleep } from '@/lib/cloud/rate-budgets';
import { readIdentity } from '@/lib/cloud/tencent/read-identity';
import { gatewayAnswer, hangUp, testGateways } from '@/testing/cloud/tencent/test-gateway';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { testContext } from '@/testing/server/test-context';
import { createConnectionRegistry } from './connection-registry';

const context = testContext();
const { startGateway, connectionTo, close } = testGateways();
afterEach(close);
const deps = { now: () => new Date(), log: { debug: () => {}, info: () => {}, warn: () => {} } };
const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.115.0.0/16' });
afterAll(() => cloud.plane.stop());

it('counts the calls of a connection for the user of its key without a sync', async () => {
  const rates = new RateBudgets(deps);
  const keys = cloud.keys('niaga', 'operator');
  const connection = CloudConnection.parse({
    id: 'niaga',
    name: 'Niaga',
    kind: 'sandbox',
    endpoint: cloud.plane.api,
    dns: null,
    regions: ['ap-singapore'],
    portOffset: 0,
    ...keys,
  });
  createConnectionRegistry({ db: context.db, ...deps, rates }).put({ connection, isolation: 'jail' });
  const user = Object.values(cloud.account('niaga').users).find(({ name }) => name === 'operator');
  rates.countFor('another-key-of-the-user', `${cloud.plane.api} ${user?.uin}`);
  const expected = rates.account('another-key-of-the-user');
  await vi.waitFor(() => expect(rates.account(keys.secretId)).toBe(expected));
});

it('asks for the user of a key until the cloud answers', async () => {
  const rates = new RateBudgets(deps);
  // More than the attempts of one question.
  const away = Array.from({ length: 7 }, () => hangUp);
  const answer = gatewayAnswer({ AccountId: '100', UserId: '101', Arn: 'uin/101', RequestId: 'r-1' });
  const { endpoint } = await startGateway(...away, answer);
  const connection = connectionTo(endpoint);
  const sleep = (ms: number) => (ms < 30_000 ? realSleep(ms) : Promise.resolve());
  const registry = createConnectionRegistry({ db: context.db, ...deps, rates, sleep, random: () => 0 });
  registry.put({ connection, isolation: null });
  rates.countFor('another-key-of-the-user', `${endpoint} 101`);
  const expected = rates.account('another-key-of-the-user');
  await vi.waitFor(() => expect(rates.account(connection.secretId)).toBe(expected));
});

it('stops asking for the user of a key that is replaced or removed', async () => {
  const { endpoint, requests } = await startGateway(hangUp);
  const connection = connectionTo(endpoint);
  const pauses: (() => void)[] = [];
  const sleep = (ms: number) =>
    ms < 30_000 ? Promise.resolve() : new Promise<void>((resolve) => pauses.push(resolve));
  const registry = createConnectionRegistry({ db: context.db, ...deps, sleep });
  registry.put({ connection, isolation: null });
  registry.put({ connection, isolation: null });
  await vi.waitFor(() => expect(pauses).toHaveLength(2));
  registry.remove(connection.id);
  const before = requests();
  for (const resume of pauses) resume();
  await expect(readIdentity(connection, { ...deps, sleep })).rejects.toThrow();
  // The attempts of that one question.
  expect(requests() - before).toBe(5);
});
