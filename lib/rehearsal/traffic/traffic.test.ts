import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Demand } from '@/lib/capacity/demand/demand';
import type { CapacityScenarioInput } from '@/lib/capacity/scenario/scenario';
import { copyEstate } from '@/lib/rehearsal/copy/copy-estate';
import { Population } from '@/lib/rehearsal/input';
import { createSeededRandom } from '@/lib/rehearsal/seeded-random';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import type { WorldLoadBalancer, WorldRule } from '@/lib/sandbox/world/clb';
import type { WorldFunction } from '@/lib/sandbox/world/scf';
import type { World } from '@/lib/sandbox/world/world';
import { testEstate, testRule, testScfAccount } from '@/testing/plan/test-estate';
import { rehearsalScenario } from '@/testing/rehearsal/test-rehearsal';
import { ClientGroups } from './clients';
import { eachFailure, type FailureCause } from './outcomes';
import { ServedRoutes } from './served-routes';
import { Traffic } from './traffic';

const startMs = Date.parse('2026-12-12T00:00:00Z');

type Change = 'serverDown' | 'serverUp' | 'dropRule' | 'dropFlash' | 'moveRecord' | 'stopListener';

type Altered = {
  /** Changes the sandbox data before there is any traffic. */
  readonly alter?: (world: World) => void;
  readonly functionKeys?: readonly string[];
  readonly scenario?: Parameters<typeof rehearsalScenario>[0];
};

/** Instances take longer to start than they may. */
const slowStart = {
  functions: rehearsalScenario().functions.map((fn) => ({ ...fn, initTimeoutS: 3 })),
  assumptions: { 'function.coldStartMs': 4000 },
};

const bound = {
  namespace: 'flash',
  name: 'storefront',
  qualifier: '1',
  qualifierType: 'VERSION' as const,
  weight: 10,
};
const { rules } = testEstate();
/** The test estate with a rule for the flash domain on the function's load balancer, to which no record leads. */
const onBoth = testEstate({
  scfAccounts: [testScfAccount({ quotaMb: 640_000 })],
  rules: [...rules, testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [bound] })],
});

/** Traffic to the test estate, whose sandbox data can be changed between two steps. */
function startTraffic(
  population: Population,
  demand: number | Demand,
  cvm: Partial<CapacityScenarioInput['cvm']> = {},
  { alter = () => {}, functionKeys = ['ap-singapore/flash/storefront'], scenario = {} }: Altered = {},
) {
  const { world } = copyEstate(onBoth, startMs - 86_400_000);
  alter(world);
  const listeners: ((service?: string) => void)[] = [];
  const routes = new ServedRoutes(
    () => world,
    new Assumptions(),
    (listener) => listeners.push(listener),
  );
  const hosts = ['shop', 'flash'].map((name) => ({ host: `${name}.example.co.id`, port: 80, paths: ['/'] }));
  const clients = new ClientGroups(
    hosts.map(({ host }) => host),
    population,
    (host, draw) => routes.resolve(host, draw),
    createSeededRandom(1),
    startMs,
  );
  const traffic = new Traffic({
    scenario: rehearsalScenario({
      clients: { responseKb: 1 },
      demand: typeof demand === 'number' ? { kind: 'constant', rps: demand } : demand,
      cvm: { servers: 1, each: { kind: 'rate', rps: 100, latencyMs: 50 }, timeoutS: 5, ...cvm },
      ...scenario,
    }),
    population,
    hosts,
    hostShares: [0.5, 0.5],
    routes,
    clients,
    world: () => world,
    functionKeys,
    startMs,
    zeroMs: startMs,
    isFunctionDown: () => false,
  });
  const [account] = Object.values(world.accounts);
  const change = (kind: Change, nowMs: number) => {
    const listener = account?.loadBalancers['lb-cvm']?.listeners[0];
    const server = account?.instances['ins-1'];
    const record = account?.zones['example.co.id']?.records.find(({ subdomain }) => subdomain === 'flash');
    if (server === undefined || listener === undefined || record === undefined) return;
    if (kind === 'serverDown') server.downSince = nowMs;
    if (kind === 'serverUp') server.downSince = null;
    if (kind === 'dropRule') listener.rules = listener.rules.slice(0, 1);
    if (kind === 'dropFlash')
      listener.rules = listener.rules.filter(({ domain }) => domain !== 'flash.example.co.id');
    if (kind === 'moveRecord') record.value = '127.77.1.2';
    if (kind === 'stopListener') listener.stopped = !listener.stopped;
    for (const listen of listeners) listen(kind === 'moveRecord' ? 'dnspod' : 'clb');
  };
  return { traffic, change };
}

describe('the traffic of a rehearsal', () => {
  it('serves everything that the servers have room for', () => {
    const { traffic } = startTraffic(Population.parse({}), 50);
    const step = traffic.step(startMs, 10);
    expect(step.offered).toBeCloseTo(500, 6);
    expect(step.served).toBeCloseTo(500, 3);
    expect(step.toServers).toBeCloseTo(500, 6);
  });

  it('sends failed requests again after their backoff, also when the length of steps changes', () => {
    const spike: Demand = {
      kind: 'spike',
      baseRps: 0,
      peakRps: 100,
      atS: 0,
      riseS: 0,
      holdS: 1,
      decayS: 0,
    };
    const retry = { share: 1, attempts: 3, backoffS: 60 };
    const { traffic, change } = startTraffic(Population.parse({ retry }), spike);
    change('stopListener', startMs);
    const lengths = [...Array.from({ length: 3 }, () => 10), ...Array.from({ length: 600 }, () => 1)];
    let atS = 0;
    const sent: number[] = [];
    for (const dtS of lengths) {
      const { attempts, served } = traffic.step(startMs + atS * 1000, dtS);
      if (attempts > 0) sent.push(atS);
      expect(served).toBe(0);
      atS += dtS;
    }
    expect(sent).toEqual([0, 60, 180, 420]);
  });

  it('fails requests by the reason that stands in their way', () => {
    const { traffic, change } = startTraffic(Population.parse({}), 50);
    traffic.step(startMs, 1);
    change('stopListener', startMs + 1000);
    expect(Object.keys(traffic.step(startMs + 1000, 1).failed)).toEqual(['noListener']);
    change('stopListener', startMs + 2000);
    change('serverDown', startMs + 2000);
    expect(Object.keys(traffic.step(startMs + 2000, 1).failed)).toEqual(['serverDown']);
  });

  /** Servers that never are the cause. */
  const strong = { each: { kind: 'rate', rps: 1_000_000, latencyMs: 50 } } as const;

  /** Lets the flash domain, which has half of all requests, lead to the function. */
  function toFunction(world: World) {
    for (const { zones } of Object.values(world.accounts))
      for (const record of zones['example.co.id']?.records ?? [])
        if (record.subdomain === 'flash') record.value = '127.77.1.2';
  }

  /** Returns a change of one load balancer of the sandbox data. */
  const at = (id: string, change: (balancer: WorldLoadBalancer) => void) => (world: World) => {
    if (id === 'lb-scf') toFunction(world);
    for (const { loadBalancers } of Object.values(world.accounts))
      if (loadBalancers[id] !== undefined) change(loadBalancers[id]);
  };
  const onRules = (id: string, change: (rule: WorldRule) => void) =>
    at(id, ({ listeners }) => {
      for (const listener of listeners) for (const rule of listener.rules) change(rule);
    });
  const onFunction = (change: (fn: WorldFunction) => void) => (world: World) => {
    toFunction(world);
    for (const { functions } of Object.values(world.accounts))
      for (const fn of Object.values(functions)) if (fn.name === 'storefront') change(fn);
  };

  it.each<[string, Altered, number, readonly string[]]>([
    ['nothing', { alter: toFunction }, 50, []],
    ['a function that was not expected there', { alter: toFunction, functionKeys: [] }, 50, []],
    ['bandwidth', { alter: at('lb-cvm', (lb) => (lb.bandwidthMbps = 1)) }, 400, ['balancerBandwidth']],
    [
      'a specification',
      { alter: at('lb-cvm', (lb) => Object.assign(lb, { slaType: 'clb.c2.medium', bandwidthMbps: 0 })) },
      15_000,
      ['balancerRequests'],
    ],
    [
      'concurrency',
      { alter: onFunction((fn) => Object.assign(fn, { reservedMb: fn.memoryMb })) },
      400,
      ['functionConcurrency'],
    ],
    ['too many starts of instances', { alter: toFunction }, 30_000, ['functionBurst']],
    [
      'a cold start longer than the initialization timeout',
      { alter: toFunction, scenario: slowStart },
      50,
      ['functionColdStart'],
    ],
    [
      'a missing version',
      { alter: onRules('lb-scf', ({ functions }) => Object.assign(functions[0] ?? {}, { qualifier: '99' })) },
      50,
      ['noFunction'],
    ],
    ['no backend', { alter: onRules('lb-scf', (rule) => (rule.functions = [])) }, 50, ['noBackend']],
    [
      'another site',
      { alter: onRules('lb-scf', (rule) => (rule.domain = 'other.example.co.id')) },
      50,
      ['wrongSite'],
    ],
    [
      'a missing rule',
      { alter: at('lb-scf', ({ listeners }) => Object.assign(listeners[0] ?? {}, { rules: [] })) },
      50,
      ['noRule'],
    ],
  ])('names %s as the only cause', (_, altered, rps, causes) => {
    const { traffic } = startTraffic(Population.parse({}), rps, strong, altered);
    const { failed, failedAt } = traffic.step(startMs, 1);
    expect(Object.keys(failed)).toEqual(causes);
    const [cause] = causes;
    if (cause === undefined) return;
    const hosts = [...(failedAt.get(cause as FailureCause)?.keys() ?? [])];
    expect(hosts).toContain('flash.example.co.id');
    expect(hosts.includes('shop.example.co.id')).toBe(cause.startsWith('balancer'));
  });

  it('names what clients with stale answers meet, until they have moved', () => {
    const { traffic, change } = startTraffic(
      Population.parse({ keepAlive: { share: 0, seconds: 0 } }),
      50,
      strong,
    );
    traffic.step(startMs, 1);
    change('moveRecord', startMs + 1000);
    change('dropFlash', startMs + 1000);
    const stale = traffic.step(startMs + 1000, 1);
    expect(Object.keys(stale.failed)).toEqual(['staleDns']);
    expect([...(stale.failedAt.get('staleDns')?.keys() ?? [])]).toEqual(['flash.example.co.id']);
    expect(stale.lost).toBeGreaterThan(0);
    // The TTL of the test estate is far shorter.
    expect(Object.keys(traffic.step(startMs + 3_600_000, 1).failed)).toEqual([]);
  });

  it('loses and counts no request twice: each is served, lost, or still to be sent again', () => {
    const kinds = ['serverDown', 'serverUp', 'dropRule', 'moveRecord', 'stopListener'] as const;
    const steps = fc.array(
      fc.record({ change: fc.option(fc.constantFrom(...kinds)), dtS: fc.constantFrom(1, 10) }),
      { minLength: 1, maxLength: 40 },
    );
    const retry = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      attempts: fc.nat(4),
      backoffS: fc.constantFrom(0.5, 1, 7),
    });
    fc.assert(
      fc.property(steps, retry, fc.integer({ min: 0, max: 400 }), (list, again, rps) => {
        const { traffic, change } = startTraffic(Population.parse({ retry: again, resolvers: 5 }), rps);
        let nowMs = startMs;
        let [offered, served, lost, attempts, failed, pending] = [0, 0, 0, 0, 0, 0];
        for (const { change: kind, dtS } of list) {
          if (kind !== null) change(kind, nowMs);
          const step = traffic.step(nowMs, dtS);
          nowMs += dtS * 1000;
          offered += step.offered;
          served += step.served;
          lost += step.lost;
          attempts += step.attempts;
          pending = step.pending;
          eachFailure(step.failed, (_, count) => {
            failed += count;
          });
        }
        const scale = Math.max(1, offered);
        expect((served + lost + pending) / scale).toBeCloseTo(offered / scale, 9);
        expect((served + failed) / scale).toBeCloseTo(attempts / scale, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('counts each cause as often as requests fail, also while the queue of a rush gets shorter', () => {
    const rush = { kind: 'spike', baseRps: 1, peakRps: 2000, atS: 5, riseS: 0, holdS: 5, decayS: 0 } as const;
    const { traffic } = startTraffic(
      Population.parse({ retry: { share: 0, attempts: 0, backoffS: 1 } }),
      rush,
      {
        errorShare: 0.5,
        timeoutS: 60,
      },
    );
    let [served, attempts, failed, errors, peak] = [0, 0, 0, 0, 0];
    for (let second = 0; second < 60; second += 1) {
      const step = traffic.step(startMs + second * 1000, 1);
      expect(step.served).toBeGreaterThan(-1e-9);
      served += step.served;
      attempts += step.attempts;
      peak = Math.max(peak, step.queued);
      errors += step.failed.serverError ?? 0;
      eachFailure(step.failed, (_, count) => {
        failed += count;
      });
    }
    expect(peak).toBeGreaterThan(400);
    expect(served + failed).toBeCloseTo(attempts, 6);
    // Half of those that the servers take fail.
    expect(errors).toBeCloseTo(served, 6);
  });
});
