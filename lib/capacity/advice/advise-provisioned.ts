import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { instancesLimit } from '@/lib/capacity/sides/function-side';
import {
  endlessMb,
  listLoads,
  shareInstances,
  warmUpTimeS,
  withProvisioned,
  withQuota,
  withWarm,
} from './change-scenario';
import { coarsen, doFunctionsHold, findSmallest } from './try-scenario';

/** The latest start of a prewarm is brought forward by this: instances may start at half the documented pace for it. */
const prewarmMarginS = 60;

/** The number of instances for a long event is at most this much above the smallest. */
const searchGrain = 0.005;

export type ProvisionedAdvice =
  | {
      readonly kind: 'instances';
      /** The smallest number with which the functions keep the goals, in all and by function. */
      readonly instances: number;
      readonly byFunction: readonly {
        readonly region: string;
        readonly name: string;
        readonly instances: number;
      }[];
      /** The latest start of the prewarm with which they do, with a margin, in seconds of the scenario. */
      readonly prewarmAtS: number;
      /** From then on until all are warm. */
      readonly warmUpS: number;
      /** False if the start is before the earliest that is possible: then shards or a higher pace are needed. */
      readonly isInTime: boolean;
    }
  /** Even with as many warm instances as fit, the functions don't keep the goals: the quota is too small. */
  | { readonly kind: 'beyondQuota'; readonly fitting: number };

/** Returns how many instances of all functions fit into their memory. Those that share it get instances as they share the load. */
export function countFitting(scenario: CapacityScenario): number {
  const { functions, regions } = scenario;
  const loads = listLoads(scenario);
  return functions.reduce((sum, fn, index) => {
    const region = regions.find((each) => each.region === fn.region);
    if (region === undefined) return sum;
    const loadMb = functions.reduce((all, other, nth) => {
      const doShare =
        nth === index || (fn.reservedMb === null && other.reservedMb === null && other.region === fn.region);
      return doShare ? all + (loads[nth] ?? 0) * other.memoryMb : all;
    }, 0);
    const part = ((loads[index] ?? 0) * fn.memoryMb) / loadMb;
    return sum + Math.floor(instancesLimit(fn, functions, region) * part + 1e-9);
  }, 0);
}

/**
 * Returns the smallest number of provisioned instances with which the functions keep the goals, if all of them are warm
 * from the beginning; null = not even as many as fit.
 */
export function smallestProvisioned(scenario: CapacityScenario): number | null {
  const most = Math.min(100_000, countFitting(scenario));
  const coarse = coarsen(scenario);
  const found =
    findSmallest(0, most, (count) => doFunctionsHold(withWarm(coarse, count))) ?? findWithRoom(coarse, most);
  if (coarse === scenario) return found;
  // Around the number of the coarse search, in steps that double, until one holds and one doesn't.
  const holds = (count: number) => doFunctionsHold(withWarm(scenario, count));
  let [fails, works] = [-1, most];
  let count = found ?? most;
  for (let raise = Math.ceil(count / 50) + 1; count > fails && count < works; raise *= 2) {
    if (holds(count)) works = count;
    else fails = count;
    count = works === count ? Math.max(0, count - raise) : Math.min(most, count + raise);
  }
  return findSmallest(fails + 1, works, holds, Math.max(1, Math.ceil(works * searchGrain)));
}

/**
 * Finds the smallest number of instances where all that fit are too many: idle ones of one function take the memory that
 * another one needs. Fewer than are needed with endless memory don't suffice.
 */
function findWithRoom(scenario: CapacityScenario, most: number): number | null {
  const endless = withQuota(scenario, () => endlessMb);
  const least = findSmallest(0, most, (count) => doFunctionsHold(withWarm(endless, count)));
  return least !== null && doFunctionsHold(withWarm(scenario, least)) ? least : null;
}

/**
 * Advises how many instances to provision, and when to start them.
 * @param earliestS the earliest possible start, in seconds of the scenario
 */
export function adviseProvisioned(scenario: CapacityScenario, earliestS: number): ProvisionedAdvice {
  const instances = smallestProvisioned(scenario);
  if (instances === null) return { kind: 'beyondQuota', fitting: countFitting(scenario) };
  const byFunction = shareInstances(scenario, instances).map((count, index) => ({
    region: scenario.functions[index]?.region ?? '',
    name: scenario.functions[index]?.name ?? '',
    instances: count,
  }));
  const warmUpS = warmUpTimeS(scenario, instances);
  if (instances === 0)
    return { kind: 'instances', instances, byFunction, prewarmAtS: 0, warmUpS: 0, isInTime: true };
  // The earlier the start, the better; counted in steps before the end.
  const { stepS, durationS } = scenario;
  const first = Math.floor(-warmUpS / stepS);
  const last = Math.floor(durationS / stepS);
  const coarse = coarsen(scenario);
  const isEnough = (of: CapacityScenario, step: number) =>
    doFunctionsHold(withProvisioned(of, instances, step * stepS));
  const found = findSmallest(0, last - first, (before) => isEnough(coarse, last - before));
  let latest = found === null ? first : last - found;
  if (coarse !== scenario)
    for (let back = 1; latest > first && !isEnough(scenario, latest); back *= 2)
      latest = Math.max(first, latest - back);
  const prewarmAtS = latest * stepS - prewarmMarginS;
  return {
    kind: 'instances',
    instances,
    byFunction,
    prewarmAtS,
    warmUpS,
    isInTime: prewarmAtS >= earliestS,
  };
}
