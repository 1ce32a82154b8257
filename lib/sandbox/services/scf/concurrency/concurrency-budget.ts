import { concurrencyShare, quotaMb, reservedSumMb } from '@/lib/sandbox/model/scf/concurrency';
import { provisionedNow } from '@/lib/sandbox/model/scf/provisioned';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldFunction, WorldProvisioned } from '@/lib/sandbox/world/scf';

const reserved = 'https://www.tencentcloud.com/document/api/583/39224';
const provisioned = 'https://cloud.tencent.com/document/api/583/51246';

/** Upper bounds of values that count up to a quota: the action itself reports which quota is exceeded. */
const any = Number.MAX_SAFE_INTEGER;

/** The value rules of concurrency settings. */
export const concurrencyValues: ValueRules = {
  PutReservedConcurrencyConfig: [
    { field: 'ReservedConcurrencyMem', source: reserved, code: 'InvalidParameterValue', range: [0, any] },
  ],
  PutProvisionedConcurrencyConfig: [
    {
      field: 'VersionProvisionedConcurrencyNum',
      source: provisioned,
      code: 'InvalidParameterValue',
      range: [0, any],
    },
    {
      field: 'ProvisionedType',
      source: provisioned,
      code: 'InvalidParameterValue.ProvisionType',
      oneOf: ['Default', 'ConcurrencyUtilizationTracking'],
    },
    {
      field: 'MinCapacity',
      source: provisioned,
      code: 'InvalidParameterValue.MinCapacity',
      range: [1, any],
    },
    {
      field: 'TriggerActions[].TriggerName',
      source: provisioned,
      code: 'InvalidParameterValue.ProvisionTriggerName',
      pattern: /^[A-Za-z0-9_-]{1,100}$/,
      hint: 'have 1 to 100 letters, digits, - and _',
    },
    {
      field: 'TriggerActions[].TriggerProvisionedConcurrencyNum',
      source: provisioned,
      code: 'InvalidParameterValue.TriggerProvisionedConcurrencyNum',
      range: [0, any],
    },
    {
      field: 'TriggerActions[].ProvisionedType',
      source: provisioned,
      code: 'InvalidParameterValue.ProvisionType',
      oneOf: ['Default'],
    },
  ],
};

/** Returns the maximum that the settings of a function can want, in MB, without those of one version. */
export function provisionableMb(fn: WorldFunction, without: string | null = null): number {
  return fn.provisioned
    .filter((each) => each.qualifier !== without)
    .reduce((sum, each) => sum + peakInstances(each) * provisionedMemory(fn, each.qualifier), 0);
}

/**
 * Returns how many more instances of a version can be provisioned: those of the function's reservation; without one,
 * those of the shared quota, minus those of other functions and a fixed number that must stay free. The API page gives
 * that number as `-100` of `the function's quota`, without naming the quota:
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
  return Object.values(context.account.functions)
    .filter((other) => other.region === context.region && other !== fn && other.reservedMb === null)
    .reduce((sum, other) => sum + provisionableMb(other), 0);
}

/** Returns how much can still be reserved for a function, in MB, before subtracting the part that must stay free. */
export function reservableMb(fn: WorldFunction, { account, region }: ActionContext): number {
  return quotaMb(account, region) - (reservedSumMb(account, region) - (fn.reservedMb ?? 0));
}

/** Returns the maximum of instances that the setting can ever want. */
export function peakInstances(provisioned: WorldProvisioned): number {
  if (provisioned.kind !== 'Default') return provisioned.tracking.max;
  return Math.max(provisioned.target, ...provisioned.schedule.map((task) => task.count));
}

function provisionedMemory(fn: WorldFunction, version: string): number {
  return fn.versions.find((each) => each.version === version)?.memoryMb ?? fn.memoryMb;
}

/** Returns the total memory of the provisioned instances that are wanted now, in MB. */
export function provisionedMb(fn: WorldFunction, context: ActionContext): number {
  return fn.provisioned.reduce(
    (sum, each) => sum + provisionedNow(fn, each, context).target * provisionedMemory(fn, each.qualifier),
    0,
  );
}
