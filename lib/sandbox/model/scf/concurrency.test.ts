import fc from 'fast-check';
import { expect, test } from 'vitest';
import { account, scfFunction } from '@/lib/sandbox/seeds/parts';
import type { WorldFunction } from '@/lib/sandbox/world/scf';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import {
  burstLeft,
  concurrencyShare,
  hasRoom,
  instancesMax,
  quotaMb,
  reservedSumMb,
  unreservedMinMb,
} from './concurrency';

function fn(name: string, reservedMb: number | null, region = 'ap-singapore'): WorldFunction {
  return scfFunction({ region, namespace: 'default', name, zip: '', createdAt: 0, reservedMb });
}
function buildAccount(functions: WorldFunction[], concurrencyMb: Record<string, number> = {}): AccountWorld {
  const parts = { loadBalancers: [], instances: [], functions, zones: [] };
  return account({ uin: '1', name: 'one', appId: 1, networkAccountType: 'STANDARD', concurrencyMb }, parts);
}

test('uses the region’s quota unless the account has its own', () => {
  const one = buildAccount([], { 'ap-tokyo': 200_000 });
  expect(
    ['ap-guangzhou', 'ap-hongkong', 'ap-singapore', 'ap-tokyo'].map((region) => quotaMb(one, region)),
  ).toEqual([128_000, 128_000, 64_000, 200_000]);
});

test('limits a function to its reservation, and shares the rest among the others', () => {
  const [sale, shop, elsewhere] = [fn('sale', 12_800), fn('shop', null), fn('far', 6400, 'ap-tokyo')];
  const one = buildAccount([sale, shop, elsewhere]);
  expect(concurrencyShare(one, sale)).toEqual({ mb: 12_800, of: 'function' });
  expect(concurrencyShare(one, shop)).toEqual({ mb: 51_200, of: 'region' });
  expect([sale, shop].map((each) => instancesMax(one, each, 128))).toEqual([100, 400]);
  expect(instancesMax(one, fn('off', 0), 128)).toBe(0);
});

test('has room for exactly as many instances as may run at once', () => {
  const memory = fc.constantFrom(64, 128, 256, 1024, 3072);
  fc.assert(
    fc.property(fc.option(fc.nat(51_200)), memory, (reservedMb, memoryMb) => {
      const one = fn('one', reservedMb);
      const world = buildAccount([one]);
      const share = concurrencyShare(world, one);
      const most = instancesMax(world, one, memoryMb);
      expect(hasRoom(share, most * memoryMb, memoryMb)).toBe(false);
      if (most > 0) expect(hasRoom(share, (most - 1) * memoryMb, memoryMb)).toBe(true);
    }),
  );
});

test('never exceeds the quota with valid reservations, and leaves the others their share', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 6 }), (wishes) => {
      const functions: WorldFunction[] = [];
      for (const [index, mb] of wishes.entries()) {
        const next = [...functions, fn(`f${index}`, mb)];
        const world = buildAccount(next);
        const fits = reservedSumMb(world, 'ap-singapore') <= quotaMb(world, 'ap-singapore') - unreservedMinMb;
        if (fits) functions.push(fn(`f${index}`, mb));
      }
      const shared = fn('shared', null);
      const world = buildAccount([...functions, shared]);
      expect(concurrencyShare(world, shared).mb).toBeGreaterThanOrEqual(unreservedMinMb);
      expect(concurrencyShare(world, shared).mb + reservedSumMb(world, 'ap-singapore')).toBe(64_000);
    }),
  );
});

test('allows at most 500 new instances in any minute', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300_000), { maxLength: 1500 }), (wishes) => {
      const starts: number[] = [];
      for (const at of wishes.sort((a, b) => a - b)) if (burstLeft(starts, at) > 0) starts.push(at);
      for (const at of starts) {
        expect(starts.filter((other) => other > at - 60_000 && other <= at).length).toBeLessThanOrEqual(500);
      }
    }),
    { numRuns: 20 },
  );
  expect(burstLeft([], 0)).toBe(500);
  expect(burstLeft([0, 1, 60_000], 60_000)).toBe(498);
});
