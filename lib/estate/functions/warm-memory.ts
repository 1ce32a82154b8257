import { findAccount } from '@/lib/estate/join-estates';
import type { Estate, ScfFunction } from '@/lib/estate/model';

/* Warm instances use memory whether they are called or not: https://tencentcloud.com/document/product/583/39464. */

const warmMb = (fn: ScfFunction) =>
  fn.provisioned?.reduce((sum, { allocated }) => sum + allocated * fn.memoryMb, 0) ?? null;

/**
 * Returns the memory of a function's own reservation that its warm instances leave, in MB; null = unknown, or it has
 * none.
 */
export function freeReservedMb(fn: ScfFunction): number | null {
  const held = warmMb(fn);
  return typeof fn.reservedMb === 'number' && held !== null ? fn.reservedMb - held : null;
}

/**
 * Returns the memory of a function's region for warm instances of functions without a reservation; null = some of it
 * could not be read.
 */
export function freeSharedMb(estate: Estate, of: ScfFunction): number | null {
  const isBeside = ({ region, connectionId }: ScfFunction) =>
    region === of.region && connectionId === of.connectionId;
  const account = findAccount(estate, of).scfAccounts.find(({ region }) => region === of.region);
  if (account === undefined || account.quotaMb === null || account.allocatedMb === null) return null;
  let held = 0;
  for (const { provisionedMb } of account.namespaces) {
    if (provisionedMb === null) return null;
    held += provisionedMb;
  }
  // Memory used inside a reservation is already part of the allocated total.
  const inside = estate.functions
    .filter((fn) => isBeside(fn) && typeof fn.reservedMb === 'number')
    .reduce((sum, fn) => sum + (warmMb(fn) ?? 0), 0);
  return account.quotaMb - account.allocatedMb - Math.max(0, held - inside);
}
