import { concurrencyShare, quotaMb, reservedSumMb } from '@/lib/sandbox/model/scf/concurrency';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldFunction } from '@/lib/sandbox/world/scf';
import { peakInstances, provisionedMemory } from './provisioned-memory';

/** Returns the maximum that the settings of a function can want, in MB, without those of one version. */
export function provisionableMb(fn: WorldFunction, without: string | null = null): number {
  return fn.provisioned
    .filter((each) => each.qualifier !== without)
    .reduce((sum, each) => sum + peakInstances(each) * provisionedMemory(fn, each.qualifier), 0);
}

/** Returns the account's functions in the region. */
function functionsInRegion({ account, region }: ActionContext): WorldFunction[] {
  return Object.values(account.functions).filter((fn) => fn.region === region);
}

/**
 * Returns the allocated amount in the region, in MB: reservations, and the provisioned instances of functions without
 * one.
 * @param without a function that is not counted
 */
export function allocatedMb(context: ActionContext, without: WorldFunction | null = null): number {
  return functionsInRegion(context)
    .filter((fn) => fn !== without)
    .reduce((sum, fn) => sum + (fn.reservedMb ?? provisionableMb(fn)), 0);
}

/**
 * Returns how many more instances of a version can be provisioned: those of the function's reservation; without one,
 * those of the shared quota, minus what others have been given and a fixed number of instances that must stay free. The
 * API page gives that number as `-100` of `the function's quota` and does not say which quota:
 * https://cloud.tencent.com/document/api/583/51246.
 * @param version counted as if it had none yet; null = counted in units of the function's own size
 */
export function provisionableLeft(fn: WorldFunction, version: string | null, context: ActionContext): number {
  const { account, assumptions } = context;
  const memoryMb = version === null ? fn.memoryMb : provisionedMemory(fn, version);
  const own = provisionableMb(fn, version);
  const share = concurrencyShare(account, fn);
  const othersMb = share.of === 'function' ? 0 : sharedByOthers(fn, context);
  const rest = share.of === 'function' ? 0 : assumptions.get('provisioned.rest');
  return Math.max(0, Math.floor((share.mb - othersMb - own) / memoryMb) - rest);
}

function sharedByOthers(fn: WorldFunction, context: ActionContext): number {
  return functionsInRegion(context)
    .filter((other) => other !== fn && other.reservedMb === null)
    .reduce((sum, other) => sum + provisionableMb(other), 0);
}

/** Returns how much can still be reserved for a function, in MB, before subtracting the part that must stay free. */
export function reservableMb(fn: WorldFunction, { account, region }: ActionContext): number {
  return quotaMb(account, region) - (reservedSumMb(account, region) - (fn.reservedMb ?? 0));
}
