import type { BalancerSeries, CapacityLimit, CapacityResult } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { listWarming } from './list-capacity-limits';

const minuteS = 60;

/** The use of a limit by a function, region or load balancer, by step, in the unit of the limit. */
export type LimitUse = {
  /** The name of its function, region or load balancer. */
  readonly name: string;
  readonly used: Float64Array;
  /** null = no document gives the limit of this load balancer, or it serves as well beyond it. */
  readonly limit: CapacityLimit | null;
};

const balancerColumns = {
  balancerRequests: 'requests',
  balancerNewConnections: 'newConnections',
  balancerConnections: 'connections',
  balancerBandwidth: 'outMbps',
} as const satisfies Partial<Record<CapacityLimit['kind'], keyof BalancerSeries>>;

/** Lists the use of a limit of each load balancer of a scenario. */
export function listBalancerUses(
  { balancers }: CapacityScenario,
  { byBalancer, limits }: CapacityResult,
  kind: keyof typeof balancerColumns,
): readonly LimitUse[] {
  return byBalancer.map((series, index) => ({
    name: (index === 0 ? balancers.cvm : balancers.function)?.name ?? '',
    used: series[balancerColumns[kind]],
    limit: limits.find((limit) => limit.kind === kind && limit.index === index) ?? null,
  }));
}

/**
 * Finds the use of a limit of functions or regions, of which there may be many: that which comes closest to its limit.
 * @returns null = the scenario has no such limit
 */
export function findClosestUse(
  scenario: CapacityScenario,
  result: CapacityResult,
  kind: 'functionInstances' | 'burst' | 'warmUp',
): LimitUse | null {
  let closest: { readonly use: LimitUse; readonly part: number } | null = null;
  for (const limit of result.limits) {
    if (limit.kind !== kind) continue;
    const used = getUse(limit, kind, scenario, result);
    const part = used.reduce((most, value) => Math.max(most, value), 0) / Math.max(limit.value, 1e-9);
    if (closest === null || part > closest.part) closest = { use: { name: limit.name, used, limit }, part };
  }
  return closest?.use ?? null;
}

function getUse(
  { index }: CapacityLimit,
  kind: Parameters<typeof findClosestUse>[2],
  scenario: CapacityScenario,
  result: CapacityResult,
): Float64Array {
  const { byFunction, steps, stepS } = result;
  switch (kind) {
    case 'functionInstances':
      return usedInstances(index, scenario, result);
    case 'burst': {
      const region = scenario.regions[index]?.region;
      const own = byFunction.filter((_, nth) => scenario.functions[nth]?.region === region);
      return toMinutes(
        sum(
          own.map(({ coldStarts }) => coldStarts),
          steps,
        ),
        stepS,
      );
    }
    case 'warmUp': {
      const members = listWarming(scenario).find((each) => each.index === index)?.members ?? [];
      const warmed = members.map((nth) => {
        const warm = byFunction[nth]?.provisioned ?? new Float64Array(steps);
        return warm.map((value, step) => growth(warm, value, step) / stepS);
      });
      return toMinutes(sum(warmed, steps), stepS);
    }
  }
}

/** Returns the instances of a function in use, and as many as the memory would be that others of its pool keep. */
function usedInstances(
  index: number,
  { functions }: CapacityScenario,
  { byFunction, steps }: CapacityResult,
): Float64Array {
  const own = functions[index];
  const isShared = own !== undefined && own.reservedMb === null;
  const used = new Float64Array(steps);
  for (const [nth, fn] of functions.entries()) {
    const series = byFunction[nth];
    const isOther = nth !== index;
    if (own === undefined || series === undefined) continue;
    if (isOther && !(isShared && fn.reservedMb === null && fn.region === own.region)) continue;
    const size = fn.memoryMb / own.memoryMb;
    for (let step = 0; step < steps; step += 1) {
      const busy = series.busy[step] ?? 0;
      const kept = isOther ? Math.max(busy, series.provisioned[step] ?? 0) : busy;
      used[step] = (used[step] ?? 0) + kept * size;
    }
  }
  return used;
}

/** Returns how many instances got warm since the step before; those that were warm at the start began earlier. */
function growth(warm: Float64Array, value: number, step: number): number {
  return step === 0 ? 0 : Math.max(0, value - (warm[step - 1] ?? 0));
}

function sum(columns: readonly Float64Array[], steps: number): Float64Array {
  const all = new Float64Array(steps);
  for (const column of columns)
    for (let step = 0; step < steps; step += 1) all[step] = (all[step] ?? 0) + (column[step] ?? 0);
  return all;
}

/** Converts a number per second into that of the last minute, which limits per minute apply to. */
function toMinutes(perS: Float64Array, stepS: number): Float64Array {
  const window = Math.max(1, Math.round(minuteS / stepS));
  let within = 0;
  return perS.map((value, step) => {
    within += value - (step < window ? 0 : (perS[step - window] ?? 0));
    return Math.max(0, (within * minuteS) / window);
  });
}
