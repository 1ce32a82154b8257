import type { CapacityLimit, CapacityResult } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { balancerLimits } from '@/lib/capacity/sides/balancer-limits';
import { cvmCapacity } from '@/lib/capacity/sides/cvm-pool';
import { instancesLimit } from '@/lib/capacity/sides/function-side';

/** Fewer refused requests than this share of a step are rounding, not an outage. */
export const refusedShareLeast = 1e-5;
/** A load balancer passes no more than its limit: from this share of it on, it is reached. */
const reachedShare = 1 - 1e-9;

/** The share of the servers' capacity from which they count as full. */
export const fullShare = 0.995;

/** The series of a simulation that show when a limit was reached. */
export type LimitedSeries = Pick<CapacityResult, 'series' | 'byFunction' | 'byBalancer'>;

/** Lists the limits of a scenario, and when each was first reached. */
export function listCapacityLimits(
  scenario: CapacityScenario,
  series: LimitedSeries,
): readonly CapacityLimit[] {
  return [
    listServers(scenario, series),
    ...listInstances(scenario, series),
    ...listBursts(scenario, series),
    ...listWarmUps(scenario, series),
    ...listBalancers(scenario, series),
  ];
}

/**
 * Finds the first step in which some columns together are more than rounding.
 * @param columns requests per second, out of those that arrive
 * @returns the time in seconds of the scenario; null = none
 */
function firstAtS(
  columns: readonly Float64Array[],
  { stepS }: CapacityScenario,
  { series: { arrivals } }: LimitedSeries,
): number | null {
  for (let step = 0; step < arrivals.length; step += 1) {
    let sum = 0;
    for (const column of columns) sum += column[step] ?? 0;
    if (sum > refusedShareLeast * (arrivals[step] ?? 0)) return step * stepS;
  }
  return null;
}

function listServers(scenario: CapacityScenario, series: LimitedSeries): CapacityLimit {
  const { serverBusy, serverTimeout } = series.series.refusedBy;
  return {
    kind: 'servers',
    name: '',
    index: 0,
    value: cvmCapacity(scenario.cvm).rps,
    unit: 'rps',
    reachedAtS: firstAtS([serverBusy], scenario, series) ?? firstAtS([serverTimeout], scenario, series),
  };
}

function listInstances(scenario: CapacityScenario, series: LimitedSeries): readonly CapacityLimit[] {
  const { functions, regions } = scenario;
  return functions.flatMap((fn, index): readonly CapacityLimit[] => {
    const region = regions.find((each) => each.region === fn.region);
    const own = series.byFunction[index];
    if (region === undefined || own === undefined) return [];
    return [
      {
        kind: 'functionInstances',
        name: fn.name,
        index,
        value: instancesLimit(fn, functions, region),
        unit: 'instances',
        reachedAtS: firstAtS([own.functionConcurrency], scenario, series),
      },
    ];
  });
}

function listBursts(scenario: CapacityScenario, series: LimitedSeries): readonly CapacityLimit[] {
  return scenario.regions.map(({ region, burstPerMinute }, index) => {
    const columns = scenario.functions.flatMap((fn, nth) =>
      fn.region === region ? (series.byFunction[nth]?.functionBurst ?? []) : [],
    );
    return {
      kind: 'burst',
      name: region,
      index,
      value: burstPerMinute,
      unit: 'perMinute',
      reachedAtS: firstAtS(columns, scenario, series),
    };
  });
}

/** The functions whose provisioned instances start at one pace: a function alone, or all of a region, as assumed. */
export function listWarming({ functions, regions, assumptions }: CapacityScenario): readonly {
  readonly name: string;
  readonly index: number;
  readonly perMinute: number;
  /** The places of its functions. */
  readonly members: readonly number[];
}[] {
  const warmed = [...functions.entries()].filter(([, { provisioned }]) => provisioned.length > 0);
  if (assumptions['function.warmUpPace'] === 'region')
    return regions.flatMap(({ region, provisionedPerMinute }, index) => {
      const members = warmed.filter(([, fn]) => fn.region === region).map(([nth]) => nth);
      return members.length === 0 ? [] : [{ name: region, index, perMinute: provisionedPerMinute, members }];
    });
  return warmed.flatMap(([index, { name, region }]) => {
    const limits = regions.find((each) => each.region === region);
    return limits === undefined
      ? []
      : [{ name, index, perMinute: limits.provisionedPerMinute, members: [index] }];
  });
}

function listWarmUps(scenario: CapacityScenario, series: LimitedSeries): readonly CapacityLimit[] {
  return listWarming(scenario).map(({ name, index, perMinute, members }) => {
    const late = members.flatMap((nth) => firstLateAtS(nth, scenario, series) ?? []);
    return {
      kind: 'warmUp',
      name,
      index,
      value: perMinute,
      unit: 'perMinute',
      reachedAtS: late.length === 0 ? null : Math.min(...late),
    };
  });
}

/** Finds the first time that a function started an instance for a request while provisioned ones were not all warm. */
function firstLateAtS(
  index: number,
  { functions, stepS }: CapacityScenario,
  { series, byFunction }: LimitedSeries,
): number | null {
  const wanted = functions[index]?.provisioned ?? [];
  const own = byFunction[index];
  if (own === undefined) return null;
  let next = 0;
  for (let step = 0; step < own.coldStarts.length; step += 1) {
    while ((wanted[next]?.atS ?? Infinity) <= step * stepS) next += 1;
    const target = wanted[next - 1]?.instances ?? 0;
    const isLate = (own.provisioned[step] ?? 0) < target - 1e-9;
    if (isLate && (own.coldStarts[step] ?? 0) > refusedShareLeast * (series.arrivals[step] ?? 0))
      return step * stepS;
  }
  return null;
}

function listBalancers(scenario: CapacityScenario, { byBalancer }: LimitedSeries): readonly CapacityLimit[] {
  const { balancers, assumptions, stepS } = scenario;
  return [balancers.cvm, balancers.function].flatMap((balancer, index): readonly CapacityLimit[] => {
    const own = byBalancer[index];
    const limits = balancer === null ? null : balancerLimits(balancer, assumptions);
    if (balancer === null || limits === null || own === undefined) return [];
    const rows = [
      ['balancerRequests', limits.requestsPerS, 'rps', own.requests],
      ['balancerNewConnections', limits.newConnectionsPerS, 'perS', own.newConnections],
      ['balancerConnections', limits.connections, 'connections', own.connections],
      ['balancerBandwidth', limits.bandwidthMbps, 'Mbps', own.outMbps],
    ] as const;
    return rows.flatMap(([kind, value, unit, used]) => {
      if (!Number.isFinite(value)) return [];
      const step = used.findIndex((each) => each >= value * reachedShare);
      const reachedAtS = step < 0 ? null : step * stepS;
      return [{ kind, name: balancer.name, index, value, unit, reachedAtS }];
    });
  });
}
