import { findFunction } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { objectKey } from '@/lib/estate/object';
import { idleGbSecondUsd, loadBalancerDayUsd } from '@/lib/estate/prices';
import type { Plan, Step, WriteStep } from './model';

/** What a plan makes cost while it is there, whether anybody asks or not. */
export type RunningCost = {
  /** US$ per hour, by list prices. */
  readonly usdPerHour: number;
  /** More warm instances than before. */
  readonly instances: number;
  readonly loadBalancers: number;
  /** Functions whose memory is not known: their instances are not in the sum. */
  readonly unknown: readonly string[];
};

type Changed = { readonly first: WriteStep; readonly last: WriteStep };

/** The first and the last write to each object of a kind. */
function changesOf(steps: readonly Step[], kind: WriteStep['object']['kind']): readonly Changed[] {
  const changes = new Map<string, Changed>();
  for (const step of steps) {
    if (step.kind !== 'write' || step.object.kind !== kind) continue;
    const key = objectKey(step.object);
    changes.set(key, { first: changes.get(key)?.first ?? step, last: step });
  }
  return [...changes.values()];
}

const instancesIn = ({ before, after }: WriteStep, which: 'before' | 'after') => {
  const state = which === 'before' ? before : after;
  return state.kind === 'provisioned' ? state.instances : 0;
};

/**
 * What stands idle because of a plan: warm instances by their memory, load balancers by the day. Requests, run time and
 * traffic are not known before they come. Pure.
 * @param estate where the functions' memory is looked up; null = not known
 */
export function runningCost({ steps }: Pick<Plan, 'steps'>, estate: Estate | null): RunningCost {
  const unknown: string[] = [];
  let instances = 0;
  let usdPerHour = 0;
  for (const { first, last } of changesOf(steps, 'provisioned')) {
    const { object } = first;
    const more = instancesIn(last, 'after') - instancesIn(first, 'before');
    if (object.kind !== 'provisioned' || more <= 0) continue;
    instances += more;
    const fn = estate === null ? undefined : findFunction(estate, object);
    if (fn === undefined) unknown.push(`${object.namespace}/${object.name}`);
    else usdPerHour += more * (fn.memoryMb / 1024) * 3600 * idleGbSecondUsd;
  }
  const made = changesOf(steps, 'loadBalancer').filter(
    ({ first }) => first.before.kind === 'loadBalancer' && first.before.count === 0,
  );
  for (const { first } of made) usdPerHour += loadBalancerDayUsd(first.call.region ?? '') / 24;
  return { usdPerHour, instances, loadBalancers: made.length, unknown };
}
