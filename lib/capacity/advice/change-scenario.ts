import { serviceTime } from '@/lib/capacity/queueing/service-time';
import type { CapacityScenario, ScenarioFunction } from '@/lib/capacity/scenario/scenario';
import { warmUpPerS } from '@/lib/capacity/sides/provisioned';

const earliestS = -86_400;

/** Memory for all that any search may need, in MB. */
export const endlessMb = 500_000_000;

/** Returns the pace at which the instances of each function of a scenario get warm, per second. */
function paces({ functions, regions, assumptions }: CapacityScenario): readonly number[] {
  return functions.map(({ region }) => {
    const limits = regions.find((each) => each.region === region);
    const sharing = functions.filter((fn) => fn.region === region).length;
    return limits === undefined ? 1 : warmUpPerS(limits, sharing, assumptions);
  });
}

/** Returns the load of each function relative to the others: the time for which requests keep its instances busy. */
export function listLoads({ functions }: CapacityScenario): readonly number[] {
  return functions.map(({ weight, duration, timeoutS }) => weight * serviceTime(duration, timeoutS).busyS);
}

/** Returns the parts of a number of instances by function: as they share the load. */
export function shareInstances(scenario: CapacityScenario, instances: number): readonly number[] {
  const loads = listLoads(scenario);
  const sum = loads.reduce((all, load) => all + load, 0);
  return loads.map((load) => Math.max(0, Math.ceil((instances * load) / sum - 1e-9)));
}

/** Returns the time from the first start until all of a number of instances are warm, in seconds. */
export function warmUpTimeS(scenario: CapacityScenario, instances: number): number {
  const pace = paces(scenario);
  const times = shareInstances(scenario, instances).map((count, index) => count / (pace[index] ?? 1));
  return Math.max(0, ...times);
}

/** Returns a scenario whose functions start so many instances at a time; those that end later still end. */
export function withProvisioned(
  scenario: CapacityScenario,
  instances: number,
  atS: number,
): CapacityScenario {
  const parts = shareInstances(scenario, instances);
  const functions = scenario.functions.map((fn, index): ScenarioFunction => {
    const count = parts[index] ?? 0;
    const ends = fn.provisioned.filter((each) => each.instances === 0 && each.atS > Math.max(0, atS));
    const begins = count === 0 ? [] : [{ atS: Math.max(earliestS, atS), instances: count }];
    return { ...fn, provisioned: [...begins, ...ends] };
  });
  return { ...scenario, functions };
}

/** Returns a scenario in which all instances are warm from the beginning. */
export function withWarm(scenario: CapacityScenario, instances: number): CapacityScenario {
  return withProvisioned(scenario, instances, -Math.ceil(warmUpTimeS(scenario, instances)));
}

/** Returns a scenario with other quotas, in MB, by region. */
export function withQuota(
  scenario: CapacityScenario,
  quotaMb: (region: string, present: number) => number,
): CapacityScenario {
  const regions = scenario.regions.map((each) => ({ ...each, quotaMb: quotaMb(each.region, each.quotaMb) }));
  return { ...scenario, regions };
}

/** Returns a scenario with a part of the requests that it moves to the functions. */
export function withFunctionShare(scenario: CapacityScenario, part: number): CapacityScenario {
  const { traffic } = scenario;
  const changes = traffic.changes.map((each) => ({ ...each, functionShare: each.functionShare * part }));
  return { ...scenario, traffic: { ...traffic, functionShare: traffic.functionShare * part, changes } };
}

/** Returns a scenario in which the changes to the functions are made earlier; a rollback stays. */
export function withEarlierDivert(scenario: CapacityScenario, byS: number): CapacityScenario {
  const { traffic } = scenario;
  let [before, isForward] = [traffic.functionShare, true];
  const changes = traffic.changes.map((each) => {
    isForward &&= each.functionShare >= before;
    before = each.functionShare;
    return isForward ? { ...each, atS: each.atS - byS } : each;
  });
  return { ...scenario, traffic: { ...traffic, changes } };
}

/** Returns a scenario whose functions are each split into several of the same kind, with equal parts of everything. */
export function withShards(scenario: CapacityScenario, count: number): CapacityScenario {
  const functions = scenario.functions.flatMap((fn) =>
    Array.from({ length: count }, (_, shard) => ({
      ...fn,
      name: `${fn.name}-${shard + 1}`,
      weight: fn.weight / count,
      provisioned: fn.provisioned.map((each) => ({
        ...each,
        instances: Math.ceil(each.instances / count),
      })),
    })),
  );
  return { ...scenario, functions };
}
