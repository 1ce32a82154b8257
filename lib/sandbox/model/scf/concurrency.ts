import type { WorldFunction } from '@/lib/sandbox/world/scf';
import type { AccountWorld } from '@/lib/sandbox/world/world';

/** The concurrency quota of an account in a region, in MB: https://www.tencentcloud.com/document/product/583/11637. */
const largeRegionMb = 128_000;
const otherRegionMb = 64_000;
const largeRegions: ReadonlySet<string> = new Set([
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
]);

/** The amount that functions may not reserve, in MB: https://www.tencentcloud.com/document/product/583/39464. */
export const unreservedMinMb = 12_800;

/**
 * The maximum of new instances per minute, over all functions of a region:
 * https://www.tencentcloud.com/document/product/583/37040.
 */
const burstPerMinute = 500;

/** Returns the region's quota, which applies unless the account has requested another. */
export function usualQuotaMb(region: string): number {
  return largeRegions.has(region) ? largeRegionMb : otherRegionMb;
}

/** Returns the account's quota in a region, in MB. */
export function quotaMb(account: AccountWorld, region: string): number {
  return account.concurrencyMb[region] ?? usualQuotaMb(region);
}

/** Returns the sum that the functions of a region have reserved, in MB. */
export function reservedSumMb(account: AccountWorld, region: string): number {
  return Object.values(account.functions)
    .filter((fn) => fn.region === region)
    .reduce((sum, fn) => sum + (fn.reservedMb ?? 0), 0);
}

/**
 * The concurrency that a function's instances share among themselves, or with all functions of the region without a
 * reservation.
 */
export type ConcurrencyShare = { readonly mb: number; readonly of: 'function' | 'region' };

/**
 * Returns the share that a function may use. A reservation is both a guarantee and a limit, even 0
 * (https://www.tencentcloud.com/document/product/583/39464). The others share what is left of the quota.
 */
export function concurrencyShare(account: AccountWorld, fn: WorldFunction): ConcurrencyShare {
  if (fn.reservedMb !== null) return { mb: fn.reservedMb, of: 'function' };
  const left = quotaMb(account, fn.region) - reservedSumMb(account, fn.region);
  return { mb: Math.max(0, left), of: 'region' };
}

/**
 * Returns whether there is room for one more instance.
 * @param usedMb the total of the running instances in the share, in MB
 */
export function hasRoom({ mb }: ConcurrencyShare, usedMb: number, memoryMb: number): boolean {
  return usedMb + memoryMb <= mb;
}

/** Returns how many instances of a function may run at once when the functions that share with it run none. */
export function instancesMax(account: AccountWorld, fn: WorldFunction, memoryMb: number): number {
  return Math.floor(concurrencyShare(account, fn).mb / memoryMb);
}

/**
 * Returns how many instances may still be started in a region. Provisioned ones don't count
 * (https://www.tencentcloud.com/document/product/583/37704). The minute is the last 60 s: how the cloud divides time is
 * not documented.
 * @param starts start times of the region's instances (epoch ms), in any order
 */
export function burstLeft(starts: readonly number[], now: number): number {
  const recent = starts.filter((at) => at > now - 60_000 && at <= now).length;
  return Math.max(0, burstPerMinute - recent);
}
