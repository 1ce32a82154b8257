import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testBalancer, testWorld } from '../data-plane/test-world';
import type { WorldRecord } from '../world/dnspod';
import type { World } from '../world/world';
import { answer, RCODE } from './answer';

const record = (parts: Partial<WorldRecord> & { value: string }): WorldRecord => ({
  id: 1,
  subdomain: 'www',
  type: 'A',
  line: 'Default',
  lineId: '0',
  ttlS: 600,
  weight: null,
  mx: 0,
  enabled: true,
  remark: '',
  defaultNs: false,
  updatedAt: 5000,
  indexedAt: 5000,
  ...parts,
});

function worldOf(records: WorldRecord[], enabled = true): World {
  const zone = {
    id: 1,
    name: 'shop.example',
    grade: 'DP_Free',
    minTtlS: 600,
    sameNameMax: 2,
    enabled,
    dnsStatus: '' as const,
    createdAt: 0,
    records,
  };
  return testWorld({
    zones: { 'shop.example': zone },
    loadBalancers: {
      'lb-named': testBalancer({
        id: 'lb-named',
        domain: 'lb-named.clb.test',
        vips: ['127.82.3.1', '127.82.3.2'],
      }),
    },
  }).world;
}

const ask = (
  world: World,
  name: string,
  type: 'A' | 'CNAME' | 'AAAA' | 'NS' | 'SOA' | 'AXFR' = 'A',
  random = () => 0,
) => answer(world, { name, type, class: 'IN' }, random);
const values = (reply: ReturnType<typeof answer>) =>
  reply.answers.map((found) => ('data' in found ? found.data : null));

describe('DNS answers', () => {
  it('gives the enabled records of the default line with their TTL, whatever the case of the name', () => {
    const world = worldOf([
      record({ value: '127.82.1.1', ttlS: 1 }),
      record({ value: '127.82.1.2', enabled: false }),
      record({ value: '127.82.1.3', lineId: '10=1' }),
    ]);
    expect(ask(world, 'WWW.Shop.Example')).toEqual({
      rcode: RCODE.noError,
      answers: [{ type: 'A', name: 'WWW.Shop.Example', ttl: 1, data: '127.82.1.1' }],
      authorities: [],
    });
  });

  it('follows a CNAME inside, to a load balancer, and stops at our border', () => {
    const world = worldOf([
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

  it('ends a CNAME loop', () => {
    const world = worldOf([
      record({ subdomain: 'a', type: 'CNAME', value: 'b.shop.example' }),
      record({ subdomain: 'b', type: 'CNAME', value: 'a.shop.example' }),
    ]);
    expect(values(ask(world, 'a.shop.example'))).toEqual(['b.shop.example', 'a.shop.example']);
  });

  it('tells no data, no name, and not ours apart', () => {
    const world = worldOf([
      record({ value: '127.82.1.1' }),
      record({ subdomain: 'x.deep', value: '127.82.1.1' }),
    ]);
    const soa = [expect.objectContaining({ type: 'SOA', name: 'shop.example' })];
    expect(ask(world, 'www.shop.example', 'AAAA')).toEqual({
      rcode: RCODE.noError,
      answers: [],
      authorities: soa,
    });
    expect(ask(world, 'deep.shop.example')).toEqual({ rcode: RCODE.noError, answers: [], authorities: soa });
    expect(ask(world, 'no.shop.example')).toEqual({ rcode: RCODE.nameError, answers: [], authorities: soa });
    expect(ask(world, 'other.example').rcode).toBe(RCODE.refused);
    expect(ask(world, 'notshop.example').rcode).toBe(RCODE.refused);
    expect(ask(worldOf([record({ value: '127.82.1.1' })], false), 'www.shop.example').rcode).toBe(
      RCODE.refused,
    );
    expect(ask(world, 'shop.example', 'AXFR').rcode).toBe(RCODE.notImplemented);
    expect(ask(world, 'shop.example', 'SOA').answers).toEqual(soa);
  });

  it('serves wildcards, but not past a name that exists', () => {
    const world = worldOf([
      record({ subdomain: '*', value: '127.82.1.9' }),
      record({ subdomain: 'own', type: 'TXT', value: 'x' }),
    ]);
    expect(values(ask(world, 'a.b.shop.example'))).toEqual(['127.82.1.9']);
    expect(values(ask(world, 'own.shop.example'))).toEqual([]);
    expect(ask(world, 'below.own.shop.example').rcode).toBe(RCODE.nameError);
  });

  it('picks one value by share when all have weights, else gives all', () => {
    const pair = (first: number | null, second: number | null) =>
      worldOf([
        record({ value: '127.82.1.1', weight: first }),
        record({ value: '127.82.1.2', weight: second }),
      ]);
    expect(values(ask(pair(1, 3), 'www.shop.example', 'A', () => 0.24))).toEqual(['127.82.1.1']);
    expect(values(ask(pair(1, 3), 'www.shop.example', 'A', () => 0.26))).toEqual(['127.82.1.2']);
    expect(values(ask(pair(null, null), 'www.shop.example')).toSorted()).toEqual([
      '127.82.1.1',
      '127.82.1.2',
    ]);
    expect(values(ask(pair(0, 3), 'www.shop.example')).toSorted()).toEqual(['127.82.1.1', '127.82.1.2']);
  });

  it('never answers with a disabled record, and never empty while one is enabled', () => {
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
        const got = values(ask(worldOf(made), 'www.shop.example', 'A', random));
        const enabled = made.filter((one) => one.enabled).map((one) => one.value);
        expect(got.every((value) => enabled.includes(String(value)))).toBe(true);
        expect(got.length > 0).toBe(enabled.length > 0);
      }),
    );
  });
});
