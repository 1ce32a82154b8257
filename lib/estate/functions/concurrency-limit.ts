import { findAccount } from '@/lib/estate/join-estates';
import type { Estate, ScfFunction } from '@/lib/estate/model';

/**
 * Returns the memory that a function may use at once, in MB: its reservation, or what is left to all functions of its
 * region without one (https://www.tencentcloud.com/document/product/583/37040); null = could not be read.
 */
export function getConcurrencyLimit(estate: Estate, fn: ScfFunction): number | null {
  const { reservedMb, region } = fn;
  if (reservedMb === null || typeof reservedMb === 'number') return reservedMb;
  const account = findAccount(estate, fn).scfAccounts.find((each) => each.region === region);
  if (account === undefined || account.quotaMb === null || account.allocatedMb === null) return null;
  return account.quotaMb - account.allocatedMb;
}
