import type { WorldFunction } from '../world/scf';
import type { AccountWorld } from '../world/world';

/** How much concurrency an account has in a region, in MB: https://www.tencentcloud.com/document/product/583/11637. */
const largeRegionMb = 128_000;
const otherRegionMb = 64_000;
const largeRegions: ReadonlySet<string> = new Set([
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
]);

/** What functions may not reserve, in MB: https://www.tencentcloud.com/document/product/583/39464. */
export const unreservedMinMb = 12_800;

/** New instances of all functions of a region in a minute: https://www.tencentcloud.com/document/product/583/37040. */
const burstPerMinute = 500;

/** The region's quota unless the account has asked for another. */
export function usualQuotaMb(region: string): number {
  return largeRegions.has(region) ? largeRegionMb : otherRegionMb;
}

/** The account's quota in a region, in MB. */
export function quotaMb(account: AccountWorld, region: string): number {
  return account.concurrencyMb[region] ?? usualQuotaMb(region);
}

/** What the functions of a region have reserved, in MB. */
export function reservedSumMb(account: AccountWorld, region: string): number {
  return Object.values(account.functions)
    .filter((fn) => fn.region === region)
    .reduce((sum, fn) => sum + (fn.reservedMb ?? 0), 0);
}

/** What a function's instances share among themselves, or with all functions of the region without a reservation. */
export type ConcurrencyShare = { readonly mb: number; readonly of: 'function' | 'region' };

/**
 * What a reservation guarantees is also all that the function may use, even 0
 * (https://www.tencentcloud.com/document/product/583/39464). The others share what is left of the quota.
 */
export function concurrencyShare(account: AccountWorld, fn: WorldFunction): ConcurrencyShare {
  if (fn.reservedMb !== null) return { mb: fn.reservedMb, of: 'function' };
  const left = quotaMb(account, fn.region) - reservedSumMb(account, fn.region);
  return { mb: Math.max(0, left), of: 'region' };
}

/**
 * Whether one more instance fits in.
 * @param usedMb what the running instances of those that share have, in MB
 */
export function hasRoom({ mb }: ConcurrencyShare, usedMb: number, memoryMb: number): boolean {
  return usedMb + memoryMb <= mb;
}

/** How many instances of a function may run at once when those that it shares with run none. */
export function instancesMax(account: AccountWorld, fn: WorldFunction, memoryMb: number): number {
  return Math.floor(concurrencyShare(account, fn).mb / memoryMb);
}

/**
 * How many instances may still be started in a region. Provisioned ones don't count
 * (https://www.tencentcloud.com/document/product/583/37704).
 * The minute is the last 60 s: how the cloud divides time is not documented.
 * @param starts when instances of the region were started (epoch ms), in any order
 */
export function burstLeft(starts: readonly number[], now: number): number {
  const recent = starts.filter((at) => at > now - 60_000 && at <= now).length;
  return Math.max(0, burstPerMinute - recent);
}
