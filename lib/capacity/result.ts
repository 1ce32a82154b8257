import type { CapacityCost } from '@/lib/capacity/prices/capacity-cost';
import type { RefusalCause } from '@/lib/capacity/sides/causes';

/** Names of the series of a result, with their units. Rates are means of a step; counts are those at its end. */
export const seriesUnits = {
  /** Requests of clients without retries; all requests, with them. */
  demand: 'rps',
  arrivals: 'rps',
  intendedShare: 'share',
  resolvedShare: 'share',
  functionShare: 'share',
  served: 'rps',
  cvmServed: 'rps',
  functionServed: 'rps',
  refused: 'rps',
  queued: 'requests',
  waitP50S: 's',
  waitP95S: 's',
  waitP99S: 's',
  cvmWaitP95S: 's',
  functionWaitP95S: 's',
  /** Wait and duration. 0 = nothing served. */
  cvmResponseP95S: 's',
  functionResponseP95S: 's',
  cvmBusy: 'requests',
  /** Concurrent requests of all functions. */
  concurrency: 'requests',
  provisioned: 'instances',
  onDemand: 'instances',
  coldStarts: 'perS',
  /** Used of the memory quotas, by instances that are busy or provisioned. */
  memoryMb: 'MB',
  newConnections: 'perS',
  connections: 'connections',
  outMbps: 'Mbps',
  /** From the beginning of the scenario on, without the idle cost of a prewarm before it. */
  cost: 'money',
} as const;
export type SeriesName = keyof typeof seriesUnits;

export type CapacitySeries = Readonly<Record<SeriesName, Float64Array>> & {
  /** Requests per second that are refused, by cause. */
  readonly refusedBy: Readonly<Record<RefusalCause, Float64Array>>;
};

/**
 * The series of one function, by step: concurrent requests, warm instances, instances started per second, and requests per
 * second that are refused for lack of memory (432) or because too many instances start (429).
 */
export type FunctionSeries = Readonly<
  Record<'busy' | 'provisioned' | 'coldStarts' | 'functionConcurrency' | 'functionBurst', Float64Array>
>;

/** The series of one load balancer, by step: what passes it, in the units of its limits. */
export type BalancerSeries = Readonly<
  Record<'requests' | 'newConnections' | 'connections' | 'outMbps', Float64Array>
>;

/** A limit to draw as a line. */
export type CapacityLimit = {
  readonly kind:
    | ('servers' | 'functionInstances' | 'burst' | 'warmUp')
    | ('balancerRequests' | 'balancerNewConnections' | 'balancerConnections' | 'balancerBandwidth');
  /** The name of its function, region or load balancer; '' = the CVM pool. */
  readonly name: string;
  /** Its place among the scenario's functions or regions; of load balancers, 0 = that of the servers. */
  readonly index: number;
  readonly value: number;
  readonly unit: 'rps' | 'instances' | 'perMinute' | 'perS' | 'connections' | 'Mbps';
  /**
   * The first time that requests were refused because of it, in seconds of the scenario; null = never. Of `warmUp`: that a
   * request had to wait for a new instance while provisioned ones were still starting.
   */
  readonly reachedAtS: number | null;
};

export type CapacityTotals = {
  /** Requests that clients wanted, and all with retries. */
  readonly demand: number;
  readonly arrivals: number;
  readonly served: number;
  readonly queued: number;
  readonly refused: number;
  /** Refused of all arrivals. */
  readonly refusedShare: number;
  readonly refusedBy: Readonly<Record<RefusalCause, number>>;
  /** The largest share of the requests of a minute (or of a step, if that is longer). */
  readonly minuteRefusedShare: number;
  /** The first and last step in which requests were refused (more than 1 in 100,000), in seconds; null = none. */
  readonly refusedFromS: number | null;
  readonly refusedUntilS: number | null;
  readonly coldStarts: number;
  /** Of the requests that functions ran. */
  readonly coldStartShare: number;
  readonly peakDemandRps: number;
  readonly peakConcurrency: number;
  readonly peakProvisioned: number;
  readonly peakInstances: number;
  readonly peakMemoryMb: number;
  readonly peakQueued: number;
  /** The largest wait of any minute that 95 % (99 %) of its requests don't exceed. */
  readonly peakWaitP95S: number;
  readonly peakWaitP99S: number;
  /** The same with the duration, of a side while it has at least 1 % of the requests. */
  readonly peakCvmResponseP95S: number;
  readonly peakFunctionResponseP95S: number;
  /** The most that the servers can serve, and for how long they were full, in seconds. */
  readonly cvmMostRps: number;
  readonly cvmFullS: number;
};

/** A goal and its result. */
export type GoalResult = { readonly value: number; readonly goal: number; readonly isMet: boolean };

export type CapacityResult = {
  readonly steps: number;
  readonly stepS: number;
  readonly series: CapacitySeries;
  /** In the order of the scenario's functions. */
  readonly byFunction: readonly FunctionSeries[];
  /** That of the servers, and that of the function side if it has its own. */
  readonly byBalancer: readonly BalancerSeries[];
  readonly totals: CapacityTotals;
  readonly limits: readonly CapacityLimit[];
  readonly cost: CapacityCost;
  readonly goals: {
    readonly refusedShare: GoalResult;
    readonly minuteRefusedShare: GoalResult;
    /** In ms. */
    readonly waitP95Ms: GoalResult;
    readonly areMet: boolean;
  };
};
