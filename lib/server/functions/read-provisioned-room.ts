import type { ProvisionedRoom } from '@/lib/contract/function';
import { freeReservedMb, freeSharedMb } from '@/lib/estate/functions/warm-memory';
import type { Estate, ScfFunction } from '@/lib/estate/model';

/** Returns the memory available for further warm instances of a function. */
export function readProvisionedRoom(estate: Estate, fn: ScfFunction): ProvisionedRoom {
  if (typeof fn.reservedMb === 'number') return { within: 'reserved', freeMb: freeReservedMb(fn) };
  return { within: 'region', freeMb: fn.reservedMb === null ? null : freeSharedMb(estate, fn) };
}
