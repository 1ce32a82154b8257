import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CostedBalancer,
  type CostedFunction,
  type CostUnknown,
  capacityUnits,
  type EventLoad,
  type EventParts,
  eventCost,
} from './event-cost';

const hour = 3600;
const fn: CostedFunction = { name: 'flash/sale', region: 'ap-singapore', memoryMb: 256, timeoutS: 3 };
const balancer: CostedBalancer = {
  name: 'lb-sale',
  region: 'ap-guangzhou',
  isPublic: true,
  isMade: true,
  work: 'units',
  traffic: 'byTraffic',
  rules: 20,
};
const parts = (change: Partial<EventParts> = {}): EventParts => ({
  functions: [fn],
  warm: [],
  balancers: [balancer],
  unread: [],
  ...change,
});
const load = (change: Partial<EventLoad> = {}): EventLoad => ({
  prewarmS: 600,
  heldS: 2 * hour,
  drainS: 0,
  averageRps: 1000,
  responseKb: 32,
  callMs: 100,
  keepAliveS: 75,
  ...change,
});
const lineOf = (cost: ReturnType<typeof eventCost>, item: string) =>
  cost.lines.find((line) => line.item === item);
const whys = (unknown: readonly CostUnknown[]) => unknown.map(({ why }) => why);

describe('capacity units', () => {
  it('match the example of the price list', () => {
    // 100 connections/s of 3 minutes each, 4 requests a second over each, 1,000 KB a second, 20 rules.
    const example = {
      newConnectionsPerS: 100,
      openConnections: 18_000,
      gbPerHour: 3.6,
      requestsPerS: 400,
      rules: 20,
    };
    expect(capacityUnits(example)).toBe(6);
    expect(capacityUnits({ ...example, openConnections: 0 })).toBe(4);
  });

  it('count each request once with ten rules or fewer', () => {
    const idle = { newConnectionsPerS: 0, openConnections: 0, gbPerHour: 0, requestsPerS: 5000 };
    expect([0, 1, 10, 11, 12].map((rules) => capacityUnits({ ...idle, rules }))).toEqual([5, 5, 5, 5, 10]);
  });
});

describe('the cost of an event', () => {
  it('includes calls, run time, capacity, traffic and the days of created objects', () => {
    const cost = eventCost(parts(), load());
    const requests = 1000 * 2 * hour;
    expect(lineOf(cost, 'calls')).toMatchObject({ quantity: requests });
    expect(lineOf(cost, 'calls')?.usd).toBeCloseTo(1.44, 6);
    expect(lineOf(cost, 'gbSeconds')?.quantity).toBeCloseTo(requests * 0.1 * 0.25, 6);
    expect(lineOf(cost, 'traffic')?.usd).toBeCloseTo(((requests * 32) / 1024 ** 2) * 0.12, 6);
    // 1,000 × 34 KB × 3,600 s is 116.7 GB an hour, more than its connections and rules count for.
    expect(lineOf(cost, 'lcu')?.quantity).toBeCloseTo((2 * (1000 * hour * 34)) / 1024 ** 2, 6);
    expect(lineOf(cost, 'loadBalancer')).toMatchObject({ quantity: 1, usd: 0.686 });
    expect(cost.usd).toBeCloseTo(
      cost.lines.reduce((sum, { usd }) => sum + usd, 0),
      9,
    );
    expect(cost.lines.map(({ price }) => price.asOf)).not.toContain('');
  });

  it('matches the example of the price list for 500 warm instances with 256 MB that are idle for an hour', () => {
    const warm = [{ ...fn, instances: 500 }];
    const idle = load({ prewarmS: 0, heldS: hour, averageRps: 0 });
    const cost = eventCost(parts({ functions: [], balancers: [], warm }), idle);
    expect(lineOf(cost, 'warm')?.usd).toBeCloseTo(3.81, 2);
    // 1,000 requests a second of 100 ms keep 100 of them busy, from T0 on.
    const busy = eventCost(parts({ warm }), load({ prewarmS: hour, heldS: hour }));
    expect(lineOf(busy, 'warm')?.quantity).toBeCloseTo((500 + 400) * hour * 0.25, 6);
  });

  it('counts a partial day as a day, from prewarm to the end of the drain', () => {
    const days = (change: Partial<EventLoad>) =>
      lineOf(eventCost(parts(), load(change)), 'loadBalancer')?.quantity;
    expect(days({ prewarmS: 0, heldS: 24 * hour })).toBe(1);
    expect(days({ prewarmS: 0, heldS: 24 * hour, drainS: 1 })).toBe(2);
    expect(days({ prewarmS: 600, heldS: 24 * hour })).toBe(2);
  });

  it('assumes the most expensive path for all requests if there are several', () => {
    const cheap = { ...balancer, name: 'lb-cheap', region: 'ap-singapore', isMade: false };
    const cost = eventCost(parts({ balancers: [cheap, balancer] }), load());
    expect(cost.lines.filter(({ item }) => item === 'traffic')).toMatchObject([{ name: 'lb-sale' }]);
    expect(whys(cost.unknown)).toContain('spread');
    expect(cost.usd).toBe(eventCost(parts(), load()).usd);
  });

  it.each<[string, Partial<EventParts>, Partial<EventLoad>, string, string]>([
    ['an unknown load', {}, { averageRps: null }, 'noLoad', 'calls gbSeconds lcu traffic'],
    [
      'a region without a price',
      { balancers: [{ ...balancer, region: 'ap-shanghai-fsi' }] },
      {},
      'noPrice',
      'traffic',
    ],
    [
      'traffic by bandwidth',
      { balancers: [{ ...balancer, traffic: 'byBandwidth' }] },
      {},
      'byBandwidth',
      'traffic',
    ],
    [
      'an account billed by CVM',
      { balancers: [{ ...balancer, traffic: 'byServers' }] },
      {},
      'byServers',
      'traffic',
    ],
    [
      'billing that was not read',
      { balancers: [{ ...balancer, traffic: 'unread' }] },
      {},
      'unreadTraffic',
      'traffic',
    ],
    [
      'a specification that was not read',
      { balancers: [{ ...balancer, work: 'unread' }] },
      {},
      'unreadWork',
      'lcu',
    ],
    [
      'a function that is not in the snapshot',
      { functions: [], unread: ['x/y'] },
      {},
      'unreadFunction',
      'calls gbSeconds',
    ],
  ])('counts nothing for %s, and reports that', (_, change, given, why, without) => {
    const cost = eventCost(parts(change), load(given));
    expect(whys(cost.unknown)).toContain(why);
    for (const item of without.split(' ')) expect(lineOf(cost, item)).toBeUndefined();
  });

  it('limits a call of unknown duration by its timeout, and reports that', () => {
    const cost = eventCost(parts(), load({ callMs: null }));
    expect(lineOf(cost, 'gbSeconds')?.quantity).toBeCloseTo(1000 * 2 * hour * 3 * 0.25, 6);
    expect(whys(cost.unknown)).toContain('byTimeout');
  });

  it('excludes capacity and traffic of an existing shared internal load balancer', () => {
    const internal: CostedBalancer = { ...balancer, isPublic: false, isMade: false, work: 'shared' };
    const cost = eventCost(parts({ balancers: [internal] }), load());
    expect(cost.lines.map(({ item }) => item)).toEqual(['calls', 'gbSeconds']);
    const made = eventCost(parts({ balancers: [{ ...internal, isMade: true }] }), load());
    expect(lineOf(made, 'lcu')).toBeDefined();
    expect(whys(made.unknown)).toContain('mayBeShared');
  });

  it('never falls with more load, a longer event, larger responses, longer calls or more warm instances', () => {
    const amount = (max: number) => fc.double({ min: 0, max, noNaN: true });
    const anyFunction = fc.record({
      name: fc.constantFrom('a/b', 'c/d'),
      region: fc.constantFrom('ap-singapore', 'ap-tokyo'),
      memoryMb: fc.constantFrom(64, 128, 1024),
      timeoutS: fc.constantFrom(3, 60),
    });
    const anyBalancer: fc.Arbitrary<CostedBalancer> = fc.record({
      name: fc.constantFrom('x', 'y'),
      region: fc.constantFrom('ap-singapore', 'ap-jakarta', 'elsewhere'),
      isPublic: fc.boolean(),
      isMade: fc.boolean(),
      work: fc.constantFrom('units', 'shared', 'unread'),
      traffic: fc.constantFrom('byTraffic', 'byBandwidth', 'byServers', 'unread'),
      rules: fc.nat(40),
    });
    const anyParts = fc
      .record({
        functions: fc.array(anyFunction, { maxLength: 2 }),
        balancers: fc.array(anyBalancer, { maxLength: 2 }),
        instances: fc.nat(500),
        unread: fc.constant([]),
      })
      .map(({ instances, ...rest }) => ({
        ...rest,
        warm: rest.functions.slice(0, 1).map((each) => ({ ...each, instances })),
      }));
    const anyLoad: fc.Arbitrary<EventLoad> = fc.record({
      prewarmS: amount(86_400),
      heldS: amount(400_000),
      drainS: amount(4000),
      averageRps: amount(50_000),
      responseKb: amount(4000),
      callMs: fc.option(amount(60_000)),
      keepAliveS: amount(300),
    });
    const fields = [
      'prewarmS',
      'heldS',
      'drainS',
      'averageRps',
      'responseKb',
      'callMs',
      'keepAliveS',
    ] as const;
    fc.assert(
      fc.property(anyParts, anyLoad, fc.constantFrom(...fields), amount(10_000), (of, at, field, more) => {
        const value = at[field];
        if (value === null) return;
        const less = eventCost(of, at).usd;
        const greater = eventCost(of, { ...at, [field]: value + more }).usd;
        expect(greater).toBeGreaterThanOrEqual(less - 1e-9 * Math.max(1, less));
        const warmer = { ...of, warm: of.warm.map((each) => ({ ...each, instances: each.instances + 1 })) };
        expect(eventCost(warmer, at).usd).toBeGreaterThanOrEqual(less);
      }),
      { numRuns: 500 },
    );
  });
});
