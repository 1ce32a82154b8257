import { afterEach, describe, expect, it } from 'vitest';
import { parseResolver } from '@/lib/cloud/probe/resolver';
import { nameServerRecord, testNameServers } from '@/testing/cloud/test-name-server';
import { AnswerCache } from './answer-cache';

const { startServer, close } = testNameServers();
afterEach(close);

const name = 'shop.test';

describe('the DNS cache of a client', () => {
  it('keeps an answer for its TTL, counted from the question', async () => {
    let now = 1000;
    const server = await startServer(() => {
      // The answer takes five seconds of the rehearsal.
      now += 5000;
      return [{ ...nameServerRecord(name, 'A', '127.77.1.1'), ttl: 7 }];
    });
    const counts = { sent: 0, fromCache: 0, failed: 0 };
    const cache = new AnswerCache({
      server: parseResolver(server.address),
      nowMs: () => now,
      counts,
      isSilent: () => false,
    });
    expect(await Promise.all([cache.resolve(name), cache.resolve(name)])).toEqual([
      { addresses: ['127.77.1.1'], values: ['127.77.1.1'], answeredAtMs: 1000, untilMs: 8000 },
      { addresses: ['127.77.1.1'], values: ['127.77.1.1'], answeredAtMs: 1000, untilMs: 8000 },
    ]);
    now = 7999;
    expect((await cache.resolve(name)).untilMs).toBe(8000);
    now = 8000;
    expect(cache.known(name)).toBeNull();
    expect(counts).toEqual({ sent: 1, fromCache: 1, failed: 0 });
  });

  it('has no address while its resolver is silent, and asks again later', async () => {
    const server = await startServer(() => [nameServerRecord(name, 'A', '127.77.1.1')]);
    const counts = { sent: 0, fromCache: 0, failed: 0 };
    let isSilent = true;
    let now = 0;
    const parts = { server: parseResolver(server.address), nowMs: () => now, counts };
    const cache = new AnswerCache({ ...parts, isSilent: () => isSilent });
    expect((await cache.resolve(name)).addresses).toEqual([]);
    isSilent = false;
    now = 5000;
    expect((await cache.resolve(name)).addresses).toEqual(['127.77.1.1']);
    expect(counts).toEqual({ sent: 2, fromCache: 0, failed: 1 });
  });
});
