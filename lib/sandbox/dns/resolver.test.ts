import { Resolver } from 'node:dns/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testBalancer, testWorld } from '@/testing/sandbox/data-plane/test-world';
import { TestClock } from '@/testing/sandbox/test-clock';
import { seedRecord as recordOf, seedZone } from '../seeds/parts';
import { Assumptions } from '../world/assumptions';
import type { WorldRecord } from '../world/dnspod';
import type { DnsListener } from './listen-dns';
import { type IgnoredTtl, ResolverCache, startResolver } from './resolver';

const log = pino({ level: 'silent' });

const record = (parts: Partial<WorldRecord> & { value: string }) =>
  recordOf({ id: 1, subdomain: 'www', type: 'A', ttlS: 60, updatedAt: 0, ...parts });

describe('the resolver', () => {
  const clock = new TestClock();
  const made = seedZone({ id: 1, name: 'shop.example', grade: 'DP_ULTRA', createdAt: 0, records: [] });
  const balancer = testBalancer({ id: 'lb-1', domain: 'lb-1.clb.test', vips: ['127.106.4.1'] });
  const first = testWorld({ zones: { [made.name]: made }, loadBalancers: { [balancer.id]: balancer } }).world;
  let world = first;
  let cache: ResolverCache;
  let listener: DnsListener;
  let client: Resolver;
  let ignored: IgnoredTtl | null = null;

  beforeEach(async () => {
    ignored = null;
    world = first;
    cache = new ResolverCache(clock, () => ignored);
    const options = { world: () => world, assumptions: new Assumptions(), cache, port: 0, log };
    listener = await startResolver(options);
    client = new Resolver({ timeout: 2000, tries: 1 });
    client.setServers([`127.0.0.1:${listener.port}`]);
  });
  afterEach(() => listener.stop());

  const resolve = async (name = 'www.shop.example') => {
    const [first] = await client.resolve4(name, { ttl: true });
    return [first?.address, first?.ttl];
  };

  it('caches an answer for its TTL, which counts down, and then queries again', async () => {
    made.records = [record({ value: '127.106.1.1' })];
    expect(await resolve()).toEqual(['127.106.1.1', 60]);
    made.records = [record({ value: '127.106.1.2', ttlS: 30 })];
    clock.advance(20_500);
    expect(await resolve()).toEqual(['127.106.1.1', 40]);
    clock.advance(39_499);
    expect(await resolve('WWW.Shop.Example')).toEqual(['127.106.1.1', 1]);
    clock.advance(1);
    expect(await resolve()).toEqual(['127.106.1.2', 30]);
  });

  it('caches the record that was picked by weight', async () => {
    made.records = [
      record({ id: 1, value: '127.106.1.1', weight: 1 }),
      record({ id: 2, value: '127.106.1.2', weight: 1 }),
    ];
    const [first] = await resolve();
    for (let again = 0; again < 5; again += 1) expect(await resolve()).toEqual([first, 60]);
    const seen = new Set();
    for (let round = 0; round < 3; round += 1) {
      clock.advance(60_000);
      seen.add((await resolve())[0]);
    }
    expect(seen.size).toBe(2);
  });

  it('caches each link of an alias for its own TTL', async () => {
    made.records = [record({ type: 'CNAME', value: 'lb-1.clb.test.', ttlS: 600 })];
    expect(await client.resolve4('www.shop.example')).toEqual(['127.106.4.1']);
    balancer.vips = ['127.106.4.2'];
    made.records = [record({ value: '127.106.1.1' })];
    clock.advance(59_000);
    expect(await client.resolve4('www.shop.example')).toEqual(['127.106.4.1']);
    clock.advance(1000);
    expect(await client.resolve4('www.shop.example')).toEqual(['127.106.4.2']);
    clock.advance(540_000);
    expect(await client.resolve4('www.shop.example')).toEqual(['127.106.1.1']);
  });

  it('caches a negative answer for the time of the SOA', async () => {
    made.records = [record({ type: 'TXT', value: 'x' })];
    await expect(client.resolve4('www.shop.example')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(client.resolve4('new.shop.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    made.records = [record({ value: '127.106.1.1' }), record({ subdomain: 'new', value: '127.106.1.2' })];
    clock.advance(179_999);
    await expect(client.resolve4('www.shop.example')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(client.resolve6('new.shop.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    clock.advance(1);
    expect(await resolve()).toEqual(['127.106.1.1', 60]);
    expect(await resolve('new.shop.example')).toEqual(['127.106.1.2', 60]);
  });

  it('ignores TTLs on request, also of existing entries, until that is switched off', async () => {
    made.records = [record({ value: '127.106.1.1' })];
    await resolve();
    made.records = [record({ value: '127.106.1.2' })];
    ignored = { seconds: 3600 };
    clock.advance(3_599_000);
    expect(await resolve()).toEqual(['127.106.1.1', 1]);
    ignored = null;
    expect(await resolve()).toEqual(['127.106.1.2', 60]);
    made.records = [record({ value: '127.106.1.3' })];
    ignored = { factor: 10 };
    clock.advance(599_000);
    expect(await resolve()).toEqual(['127.106.1.2', 1]);
    cache.flush();
    expect(await resolve()).toEqual(['127.106.1.3', 600]);
  });

  it('clears its cache when the sandbox data is replaced', async () => {
    made.records = [record({ value: '127.106.1.1' })];
    await resolve();
    const other = seedZone({
      id: 1,
      name: 'shop.example',
      grade: 'DP_ULTRA',
      createdAt: 0,
      records: [record({ value: '127.106.1.9' })],
    });
    world = testWorld({ zones: { [other.name]: other } }).world;
    expect(await resolve()).toEqual(['127.106.1.9', 60]);
  });

  it('distinguishes names outside the sandbox', async () => {
    made.records = [record({ type: 'CNAME', value: 'elsewhere.test.' })];
    await expect(client.resolve4('elsewhere.test')).rejects.toMatchObject({ code: 'EREFUSED' });
    await expect(client.resolve4('www.shop.example')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });
});

describe('the cache of the resolver', () => {
  it('never returns an expired set, nor a TTL that is 0 or above the remaining time', () => {
    const step = fc.record({
      ttlS: fc.integer({ min: 0, max: 50 }),
      waitMs: fc.integer({ min: 0, max: 60_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let now = 0;
        const cache = new ResolverCache({ now: () => now });
        let dueAt = 0;
        let ttl = 0;
        for (const { ttlS, waitMs } of steps) {
          const kept = cache.get('key');
          expect(kept !== null).toBe(now < dueAt);
          for (const answer of kept?.answers ?? []) {
            const left = answer.type === 'A' ? (answer.ttl ?? 0) : 0;
            expect(left).toBeGreaterThan(0);
            expect(left).toBeLessThanOrEqual(ttl);
          }
          if (kept === null) {
            cache.put(
              'key',
              { kind: 'records', answers: [{ type: 'A', name: 'a', data: '127.0.0.1' }], authorities: [] },
              ttlS,
            );
            ttl = ttlS;
            dueAt = now + ttlS * 1000;
          }
          now += waitMs;
        }
      }),
    );
  });

  it('evicts the oldest entry when it is full', () => {
    const cache = new ResolverCache({ now: () => 0 });
    const nothing = { kind: 'noData', answers: [], authorities: [] } as const;
    for (let index = 0; index < 10_001; index += 1) cache.put(String(index), nothing, 60);
    expect(cache.get('0')).toBeNull();
    expect(cache.get('1')).not.toBeNull();
    expect(cache.get('10000')).not.toBeNull();
  });
});
