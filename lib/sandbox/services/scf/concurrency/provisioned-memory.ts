import { provisionedNow } from '@/lib/sandbox/model/scf/provisioned-state';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldFunction, WorldProvisioned } from '@/lib/sandbox/world/scf';

/** Returns the maximum of instances that the setting can ever want. */
export function peakInstances(provisioned: WorldProvisioned): number {
  if (provisioned.kind !== 'Default') return provisioned.tracking.max;
  return Math.max(provisioned.target, ...provisioned.schedule.map((task) => task.count));
}

/** Returns the memory of one instance of a version, in MB. */
export function provisionedMemory(fn: WorldFunction, version: string): number {
  return fn.versions.find((each) => each.version === version)?.memoryMb ?? fn.memoryMb;
}

/** Returns the total memory of the provisioned instances that are wanted now, in MB. */
export function provisionedMb(fn: WorldFunction, context: ActionContext): number {
  return fn.provisioned.reduce(
    (sum, each) => sum + provisionedNow(fn, each, context).target * provisionedMemory(fn, each.qualifier),
    0,
  );
}
