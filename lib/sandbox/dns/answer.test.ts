import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lines } from '@/lib/sandbox/model/dns/lines';
import { testBalancer, testWorld } from '@/testing/sandbox/data-plane/test-world';
import { seedRecord as recordOf, seedZone } from '../seeds/parts';
import type { WorldRecord } from '../world/dnspod';
import type { World } from '../world/world';
import { type AnswerRules, answer, createShares, RCODE } from './answer';

const record = (parts: Partial<WorldRecord> & { value: string }): WorldRecord =>
  recordOf({ id: 1, subdomain: 'www', type: 'A', updatedAt: 5000, ttlS: 600, ...parts });

function buildWorld(records: WorldRecord[], enabled = true): World {
  const made = seedZone({ id: 1, name: 'shop.example', grade: 'DP_ULTRA', createdAt: 0, enabled, records });
  return testWorld({
    zones: { 'shop.example': made },
    loadBalancers: {
      'lb-named': testBalancer({
        id: 'lb-named',
        domain: 'lb-named.clb.test',
        vips: ['127.82.3.1', '127.82.3.2'],
      }),
    },
  }).world;
}

/** Mulberry32: returns the same numbers in [0, 1) for the same seed. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ask = (world: World, name: string, type = 'A', rules: Partial<AnswerRules> = {}) =>
  answer(
    world,
    { name, type, class: 'IN' },
    { lineId: '0', random: () => 0, shares: () => 0, mixedWeights: 'roundRobin', ...rules },
  );
const values = (reply: ReturnType<typeof answer>) =>
  reply.answers.map((found) => ('data' in found ? found.data : null));

describe('DNS answers', () => {
  it('return the enabled records of the default line with their TTL, ignoring the case of the name', () => {
    const world = buildWorld([
      record({ value: '127.82.1.1', ttlS: 1 }),
      record({ value: '127.82.1.2', enabled: false }),
      record({ value: '127.82.1.3', lineId: '10=1' }),
    ]);
    expect(ask(world, 'WWW.Shop.Example')).toEqual({
      rcode: RCODE.noError,
      authoritative: true,
      answers: [{ type: 'A', name: 'WWW.Shop.Example', ttl: 1, data: '127.82.1.1' }],
      authorities: [],
    });
  });

  it('follow a CNAME inside the sandbox to a load balancer, and stop at a name outside', () => {
    const world = buildWorld([
      record({ type: 'CNAME', value: 'sale.shop.example.' }),
      record({ subdomain: 'sale', type: 'CNAME', value: 'lb-named.clb.test.' }),
      record({ subdomain: 'out', type: 'CNAME', value: 'elsewhere.test.' }),
    ]);
    expect(values(ask(world, 'www.shop.example'))).toEqual([
      'sale.shop.example',
      'lb-named.clb.test',
      '127.82.3.1',
      '127.82.3.2',
    ]);
    expect(values(ask(world, 'www.shop.example', 'CNAME'))).toEqual(['sale.shop.example']);
    expect(values(ask(world, 'out.shop.example'))).toEqual(['elsewhere.test']);
    expect(ask(world, 'lb-named.clb.test').answers[0]).toMatchObject({ type: 'A', ttl: 60 });
    expect(ask(world, 'lb-named.clb.test', 'AAAA')).toMatchObject({ rcode: RCODE.noError, answers: [] });
  });

  it('end a CNAME loop', () => {
    const world = buildWorld([
      record({ subdomain: 'a', type: 'CNAME', value: 'b.shop.example' }),
      record({ subdomain: 'b', type: 'CNAME', value: 'a.shop.example' }),
    ]);
    expect(values(ask(world, 'a.shop.example'))).toEqual(['b.shop.example', 'a.shop.example']);
  });

  it('distinguish no data, no such name, and a foreign zone', () => {
    const world = buildWorld([
      record({ value: '127.82.1.1' }),
      record({ subdomain: 'x.deep', value: '127.82.1.1' }),
    ]);
    const soa = [expect.objectContaining({ type: 'SOA', name: 'shop.example' })];
    expect(ask(world, 'www.shop.example', 'AAAA')).toEqual({
      rcode: RCODE.noError,
      authoritative: true,
      answers: [],
      authorities: soa,
    });
    expect(ask(world, 'deep.shop.example')).toMatchObject({
      rcode: RCODE.noError,
      answers: [],
      authorities: soa,
    });
    expect(ask(world, 'no.shop.example')).toMatchObject({
      rcode: RCODE.nameError,
      answers: [],
      authorities: soa,
    });
    expect(ask(world, 'other.example').rcode).toBe(RCODE.refused);
    expect(ask(world, 'notshop.example').rcode).toBe(RCODE.refused);
    expect(ask(buildWorld([record({ value: '127.82.1.1' })], false), 'www.shop.example').rcode).toBe(
      RCODE.refused,
    );
    expect(ask(world, 'shop.example', 'AXFR').rcode).toBe(RCODE.refused);
    expect(ask(world, 'shop.example', 'SOA').answers).toEqual(soa);
  });

  it('use wildcards, but not past a name that exists', () => {
    const world = buildWorld([
      record({ subdomain: '*', value: '127.82.1.9' }),
      record({ subdomain: 'own', type: 'TXT', value: 'x' }),
    ]);
    expect(values(ask(world, 'a.b.shop.example'))).toEqual(['127.82.1.9']);
    expect(values(ask(world, 'own.shop.example'))).toEqual([]);
    expect(ask(world, 'below.own.shop.example').rcode).toBe(RCODE.nameError);
  });

  it('contain one value by weight when all have weights, otherwise all values', () => {
    const pair = (first: number | null, second: number | null) =>
      buildWorld([
        record({ value: '127.82.1.1', weight: first }),
        record({ value: '127.82.1.2', weight: second }),
      ]);
    expect(values(ask(pair(1, 3), 'www.shop.example', 'A', { shares: () => 0.24 }))).toEqual(['127.82.1.1']);
    expect(values(ask(pair(1, 3), 'www.shop.example', 'A', { shares: () => 0.26 }))).toEqual(['127.82.1.2']);
    expect(values(ask(pair(null, null), 'www.shop.example')).toSorted()).toEqual([
      '127.82.1.1',
      '127.82.1.2',
    ]);
    expect(values(ask(pair(0, 3), 'www.shop.example')).toSorted()).toEqual(['127.82.1.1', '127.82.1.2']);
  });

  it('follow the assumption for a set with mixed weights', () => {
    const world = buildWorld([
      record({ value: '127.82.1.1', weight: 9 }),
      record({ value: '127.82.1.2', weight: null }),
    ]);
    const got = (mixedWeights: AnswerRules['mixedWeights'], number: number) =>
      values(ask(world, 'www.shop.example', 'A', { mixedWeights, shares: () => number })).toSorted();
    expect(got('roundRobin', 0.5)).toEqual(['127.82.1.1', '127.82.1.2']);
    expect(got('weightedOnly', 0.99)).toEqual(['127.82.1.1']);
    expect(got('unsetIsOne', 0.89)).toEqual(['127.82.1.1']);
    expect(got('unsetIsOne', 0.91)).toEqual(['127.82.1.2']);
  });

  it('use the set of each line, or that of the next wider line if it has none', () => {
    const world = buildWorld([
      record({ value: '127.82.1.1' }),
      record({ value: '127.82.1.2', lineId: '10=0' }),
      record({ value: '127.82.1.3', lineId: '20=10' }),
      record({ value: '127.82.1.4', lineId: '20=50', enabled: false }),
      record({ type: 'TXT', value: 'for all' }),
    ]);
    const of = (lineId: string, type = 'A') => values(ask(world, 'www.shop.example', type, { lineId }));
    expect(of('20=10')).toEqual(['127.82.1.3']); // Guangdong Telecom
    expect(of('20=50')).toEqual(['127.82.1.2']); // Sichuan Telecom, whose own record is disabled
    expect(of('16=16')).toEqual(['127.82.1.2']);
    expect(of('10=1')).toEqual(['127.82.1.1']); // Unicom
    expect(of('90=0')).toEqual(['127.82.1.1']);
    expect(of('no such line')).toEqual(['127.82.1.1']);
    expect(of('20=10', 'TXT')).toEqual([[Buffer.from('for all')]]);
  });

  it('prefer the alias of a line to the addresses of the default line', () => {
    const world = buildWorld([
      record({ value: '127.82.1.1' }),
      record({ type: 'CNAME', value: 'lb-named.clb.test.', lineId: '3=0' }),
    ]);
    expect(values(ask(world, 'www.shop.example', 'A', { lineId: '3=0' }))[0]).toBe('lb-named.clb.test');
    expect(values(ask(world, 'www.shop.example'))).toEqual(['127.82.1.1']);
  });

  it('contain each line of the catalogue once, below the default line', () => {
    expect(new Set(lines.map((line) => line.id)).size).toBe(lines.length);
    expect(
      lines.filter((line) => line.wider !== null && !lines.some((other) => other.id === line.wider)),
    ).toEqual([]);
    expect(lines.find((line) => line.id === '20=60')?.name).toBe('浙江电信');
    expect(lines.find((line) => line.id === '16=24')?.name).toBe('西北电信');
  });

  it('support every type of record', () => {
    const world = buildWorld([
      record({ type: 'MX', value: 'mail.shop.example.', mx: 5 }),
      record({ type: 'SPF', value: 'v=spf1 -all' }),
      record({ type: 'TXT', value: 'x'.repeat(300) }),
      record({ type: 'SRV', value: '1 2 5060 sip.shop.example.' }),
      record({ type: 'CAA', value: '128 issuewild "ca.example"' }),
    ]);
    const of = (type: string) => values(ask(world, 'www.shop.example', type));
    expect(of('MX')).toEqual([{ preference: 5, exchange: 'mail.shop.example' }]);
    expect(of('TXT')).toContainEqual([Buffer.from('v=spf1 -all')]);
    expect(of('TXT')).toContainEqual([Buffer.from('x'.repeat(255)), Buffer.from('x'.repeat(45))]);
    expect(of('SRV')).toEqual([{ priority: 1, weight: 2, port: 5060, target: 'sip.shop.example' }]);
    expect(of('CAA')).toEqual([{ flags: 128, tag: 'issuewild', value: 'ca.example' }]);
    expect(of('ANY')).toEqual([{ cpu: 'RFC8482', os: '' }]);
    expect(of('UNKNOWN_65')).toEqual([]);
  });

  it('contain the apex, aliased or not, its SOA and its name servers', () => {
    const world = buildWorld([record({ subdomain: '@', type: 'CNAME', value: 'lb-named.clb.test.' })]);
    expect(values(ask(world, 'shop.example'))[0]).toBe('lb-named.clb.test');
    expect(values(ask(world, 'shop.example', 'NS'))).toEqual(['f1g1ns1.dnspod.net', 'f1g1ns2.dnspod.net']);
    expect(ask(world, 'shop.example', 'SOA').answers).toMatchObject([
      { data: { mname: 'f1g1ns1.dnspod.net', minimum: 180, serial: 5 } },
    ]);
  });

  it('delegate a subdomain that has its own name servers', () => {
    const world = buildWorld([
      record({ subdomain: 'eu', type: 'NS', value: 'ns.elsewhere.test.' }),
      record({ subdomain: 'a.eu', value: '127.82.1.1' }),
    ]);
    for (const name of ['eu.shop.example', 'a.eu.shop.example']) {
      expect(ask(world, name)).toMatchObject({
        authoritative: false,
        answers: [],
        authorities: [{ type: 'NS', name: 'eu.shop.example', data: 'ns.elsewhere.test' }],
      });
    }
  });

  it('distribute 10,000 answers by weight within 1 %, for each client that queries', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 6 });
    const draws = 10_000;
    fc.assert(
      fc.property(weights, fc.integer(), fc.integer({ min: 1, max: 4 }), (drawn, seed, clients) => {
        const shares = createShares(seeded(seed));
        const world = buildWorld(
          drawn.map((weight, index) => record({ id: index, value: `127.82.1.${index}`, weight })),
        );
        const counts = drawn.map(() => 0);
        for (let draw = 0; draw < draws * clients; draw += 1) {
          const got = values(ask(world, 'www.shop.example', 'A', { shares }));
          // Clients that query in turn: only the answers to one of them are counted.
          if (draw % clients !== 0) continue;
          expect(got.length).toBe(1);
          const index = Number(String(got[0]).split('.')[3]);
          counts[index] = (counts[index] ?? 0) + 1;
        }
        const sum = drawn.reduce((total, weight) => total + weight, 0);
        for (const [index, weight] of drawn.entries()) {
          expect(Math.abs((counts[index] ?? 0) / draws - weight / sum)).toBeLessThan(0.01);
        }
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  it.each([1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 150])(
    'fall into shares of any size within 1 %%, for each of %i clients that query in turn',
    (clients) => {
      const draws = 10_000;
      const shares = createShares(seeded(clients));
      const got: number[] = [];
      for (let draw = 0; draw < draws * clients; draw += 1) {
        const at = shares(1);
        if (draw % clients === 0) got.push(at);
      }
      // The largest difference, over all intervals, between their length and the part of the answers in them.
      const surplus = got.toSorted((a, b) => a - b).map((at, index) => index / draws - at);
      expect(Math.max(...surplus) - Math.min(...surplus) + 1 / draws).toBeLessThan(0.01);
    },
  );

  it('shuffle a set without weights evenly', () => {
    const random = seeded(11);
    const world = buildWorld(['1', '2', '3'].map((host) => record({ value: `127.82.1.${host}` })));
    const draws = 3000;
    const counts = new Map<string, number>();
    for (let draw = 0; draw < draws; draw += 1) {
      const order = values(ask(world, 'www.shop.example', 'A', { random })).join(' ');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(Math.abs(count - draws / 6)).toBeLessThan(6 * Math.sqrt((draws * 5) / 36));
    }
  });

  it('never contain a disabled record, and are never empty while one is enabled', () => {
    const records = fc.array(
      fc.record({
        enabled: fc.boolean(),
        weight: fc.option(fc.integer({ min: 0, max: 100 })),
        host: fc.integer({ min: 1, max: 250 }),
      }),
      { maxLength: 6 },
    );
    const randoms = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(records, randoms, (drawn, numbers) => {
        let turn = 0;
        const random = () => numbers[turn++ % numbers.length] ?? 0;
        const made = drawn.map(({ enabled, weight, host }) =>
          record({ enabled, weight, value: `127.82.${enabled ? 1 : 2}.${host}` }),
        );
        const got = values(ask(buildWorld(made), 'www.shop.example', 'A', { random }));
        const enabled = made.filter((one) => one.enabled).map((one) => one.value);
        expect(got.every((value) => enabled.includes(String(value)))).toBe(true);
        expect(got.length > 0).toBe(enabled.length > 0);
      }),
    );
  });
});
