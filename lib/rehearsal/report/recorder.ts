import { type CapacityCost, CostMeter } from '@/lib/capacity/prices/capacity-cost';
import { PeakWait } from '@/lib/capacity/queueing/peak-wait';
import type { CapacityScenario, ScenarioBalancer, ScenarioFunction } from '@/lib/capacity/scenario/scenario';
import { eachFailure, type FailureCause } from '@/lib/rehearsal/traffic/outcomes';
import type { TrafficStep } from '@/lib/rehearsal/traffic/traffic';
import type { World } from '@/lib/sandbox/world/world';
import { leastFailed } from './client-errors';
import { type ReportSeries, type ReportSeriesName, seriesNames } from './report';

/** The most buckets of a report. */
const bucketsMax = 360;

/** Series whose buckets have the mean of their time; the others have the most. */
const means: ReadonlySet<ReportSeriesName> = new Set([
  'offered',
  'attempts',
  'served',
  'failed',
  'intendedShare',
  'functionShare',
  'movedShare',
  'coldStarts',
]);

/** Figures that a step has beside its traffic. */
export type StepFacts = {
  readonly intendedShare: number;
  readonly movedShare: number;
};

type Totals = {
  offered: number;
  attempts: number;
  served: number;
  lost: number;
  pending: number;
  coldStarts: number;
  peakRps: number;
  peakQueued: number;
  peakInstances: number;
  readonly failedBy: Map<FailureCause, number>;
};

/** Returns the totals before the first step. */
const createTotals = (): Totals => ({
  offered: 0,
  attempts: 0,
  served: 0,
  lost: 0,
  pending: 0,
  coldStarts: 0,
  peakRps: 0,
  peakQueued: 0,
  peakInstances: 0,
  failedBy: new Map(),
});

/** Rounds to six significant digits: reports are read by people, and stay small. */
export function rounded(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(6));
}

/**
 * Adds up the steps of a rehearsal in buckets of equal length, of which a report has a bounded number, and what they
 * cost.
 */
export class Recorder {
  readonly #fromMs: number;
  readonly stepS: number;
  readonly #zeroMs: number;
  readonly #world: () => World;
  readonly #scenario: CapacityScenario;
  readonly #functions: readonly ScenarioFunction[];
  readonly #columns: ReadonlyMap<ReportSeriesName, number[]>;
  readonly #failedBy = new Map<FailureCause, number[]>();
  readonly #seconds: number[] = [];
  /** By bucket, then by function: calls, GB-seconds, idle GB-seconds. */
  readonly #functionUse: Map<string, [number, number, number]>[] = [];
  readonly #balancerUse: Map<string, [number, number, number]>[] = [];
  readonly #peakWait = new PeakWait(0.95);
  readonly totals = createTotals();

  /**
   * @param fromMs the beginning of the rehearsal, in epoch ms; `untilMs`: its end at most
   * @param zeroMs T0
   */
  constructor(given: {
    readonly fromMs: number;
    readonly untilMs: number;
    readonly zeroMs: number;
    readonly scenario: CapacityScenario;
    readonly functions: readonly ScenarioFunction[];
    readonly world: () => World;
  }) {
    this.#fromMs = given.fromMs;
    this.#zeroMs = given.zeroMs;
    this.#scenario = given.scenario;
    this.#functions = given.functions;
    this.#world = given.world;
    this.stepS = Math.max(1, Math.ceil((given.untilMs - given.fromMs) / 1000 / bucketsMax));
    this.#columns = new Map(seriesNames.map((name) => [name, []]));
  }

  /** Returns the time from an instant to the end of its bucket, in seconds: a step is of one bucket. */
  secondsLeft(fromMs: number): number {
    return this.stepS - (((fromMs - this.#fromMs) / 1000) % this.stepS);
  }

  add(step: TrafficStep, { intendedShare, movedShare }: StepFacts): void {
    const bucket = Math.floor((step.fromMs - this.#fromMs) / 1000 / this.stepS);
    const { dtS } = step;
    this.#seconds[bucket] = (this.#seconds[bucket] ?? 0) + dtS;
    const sum = (name: ReportSeriesName, amount: number) => {
      const column = this.#columns.get(name) ?? [];
      column[bucket] = (column[bucket] ?? 0) + amount;
    };
    const most = (name: ReportSeriesName, value: number) => {
      const column = this.#columns.get(name) ?? [];
      column[bucket] = Math.max(column[bucket] ?? 0, value);
    };
    const reached = step.toFunctions + step.toServers;
    let [provisioned, onDemand, busy] = [0, 0, 0];
    for (const { step: fn } of step.functions.values()) {
      provisioned += fn.provisioned;
      onDemand += fn.onDemand;
      busy += fn.busy;
    }
    sum('offered', step.offered);
    sum('attempts', step.attempts);
    sum('served', step.served);
    sum('failed', step.attempts - step.served);
    sum('intendedShare', intendedShare * dtS);
    sum('functionShare', (reached > 0 ? step.toFunctions / reached : 0) * dtS);
    sum('movedShare', movedShare * dtS);
    sum('coldStarts', step.coldStarts);
    most('waitP50Ms', step.waitP50S * 1000);
    most('waitP95Ms', step.waitP95S * 1000);
    most('waitP99Ms', step.waitP99S * 1000);
    most('queued', step.queued);
    most('provisioned', provisioned);
    most('onDemand', onDemand);
    most('busy', busy);
    this.#addCauses(step, bucket);
    this.#addUse(step, bucket);
    this.#addTotals(step, provisioned + onDemand);
  }

  #addCauses({ failed }: TrafficStep, bucket: number): void {
    eachFailure(failed, (cause, count) => {
      const column = this.#failedBy.get(cause) ?? [];
      this.#failedBy.set(cause, column);
      column[bucket] = (column[bucket] ?? 0) + count;
      this.totals.failedBy.set(cause, (this.totals.failedBy.get(cause) ?? 0) + count);
    });
  }

  #addUse({ functions, balancers, dtS }: TrafficStep, bucket: number): void {
    const functionUse = this.#functionUse[bucket] ?? new Map<string, [number, number, number]>();
    this.#functionUse[bucket] = functionUse;
    for (const { key, step } of functions.values()) {
      const { functionConcurrency, functionBurst, functionColdStart } = step.refused;
      const [calls, gb, idle] = functionUse.get(key) ?? [0, 0, 0];
      const own = step.arrivals - functionConcurrency - functionBurst - functionColdStart;
      functionUse.set(key, [calls + own, gb + step.gbSeconds, idle + step.idleGbSeconds]);
    }
    const balancerUse = this.#balancerUse[bucket] ?? new Map<string, [number, number, number]>();
    this.#balancerUse[bucket] = balancerUse;
    for (const { key, rps, newConnectionsPerS, connections } of balancers) {
      const [requests, opened, open] = balancerUse.get(key) ?? [0, 0, 0];
      balancerUse.set(key, [
        requests + rps * dtS,
        opened + newConnectionsPerS * dtS,
        open + connections * dtS,
      ]);
    }
  }

  #addTotals(step: TrafficStep, instances: number): void {
    const { totals } = this;
    totals.offered += step.offered;
    totals.attempts += step.attempts;
    totals.served += step.served;
    totals.lost += step.lost;
    totals.pending = step.pending;
    totals.coldStarts += step.coldStarts;
    totals.peakRps = Math.max(totals.peakRps, step.attempts / step.dtS);
    this.#peakWait.begin((step.fromMs - this.#fromMs) / 1000, step.waitP95S);
    for (const { wait, weight } of step.waits) this.#peakWait.add(wait, weight);
    totals.peakQueued = Math.max(totals.peakQueued, step.queued);
    totals.peakInstances = Math.max(totals.peakInstances, instances);
  }

  /** Returns the cost by item, and up to the end of each bucket. */
  #cost(): { readonly cost: CapacityCost; readonly bySteps: readonly number[] } {
    const buckets = this.#seconds.length;
    const keys = [...new Set(this.#balancerUse.flatMap((use) => [...(use ?? new Map()).keys()]))].toSorted();
    // A meter has one or two load balancers.
    const groups = Array.from({ length: Math.max(1, Math.ceil(keys.length / 2)) }, (_, index) =>
      keys.slice(index * 2, index * 2 + 2),
    );
    const parts = groups.map((group, index) =>
      this.#meter(group, index === 0 ? this.#functions : [], buckets),
    );
    const bySteps = Array.from({ length: buckets }, (_, bucket) =>
      parts.reduce((sum, part) => sum + (part.bySteps[bucket] ?? 0), 0),
    );
    const [first] = parts;
    const add = (pick: (cost: CapacityCost) => number) =>
      parts.reduce((sum, { cost }) => sum + pick(cost), 0);
    const unknown = new Map(
      parts.flatMap(({ cost }) => cost.unknown.map((each) => [`${each.why} ${each.of}`, each] as const)),
    );
    const cost: CapacityCost = {
      currency: first?.cost.currency ?? this.#scenario.prices.currency,
      total: add(({ total }) => total),
      low: add(({ low }) => low),
      high: add(({ high }) => high),
      lines: parts.flatMap(({ cost: { lines } }) => lines).filter(({ quantity }) => quantity > 0),
      unknown: [...unknown.values()],
    };
    return { cost, bySteps };
  }

  #meter(keys: readonly string[], functions: readonly ScenarioFunction[], buckets: number) {
    const [cvm, other] = keys.map((key) => this.#balancer(key));
    const scenario: CapacityScenario = {
      ...this.#scenario,
      stepS: this.stepS,
      functions: [...functions],
      balancers: { cvm: cvm ?? this.#scenario.balancers.cvm, function: other ?? null },
    };
    const meter = new CostMeter(scenario, buckets);
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      for (const [index, { region, name }] of functions.entries()) {
        const used = this.#functionUse[bucket]?.get(`${region}/${name}`);
        const [calls, gbSeconds, idleGbSeconds] = used ?? [0, 0, 0];
        meter.addFunction(bucket, index, { calls, gbSeconds, idleGbSeconds });
      }
      for (const [index, key] of keys.entries()) {
        const [requests, opened, open] = this.#balancerUse[bucket]?.get(key) ?? [0, 0, 0];
        const rps = requests / this.stepS;
        meter.addBalancer(bucket, index, {
          rps,
          newConnectionsPerS: opened / this.stepS,
          connections: open / this.stepS,
        });
      }
    }
    return meter.finish();
  }

  #balancer(key: string): ScenarioBalancer {
    const [uin = '', id = ''] = key.split('/');
    const found = this.#world().accounts[uin]?.loadBalancers[id];
    return {
      name: found?.name ?? id,
      region: found?.region ?? '',
      spec: found?.slaType ?? '',
      bandwidthMbps: null,
      rules: found?.listeners.reduce((sum, { rules }) => sum + rules.length, 0) ?? 0,
      isPublic: found?.type === 'OPEN',
    };
  }

  /** Returns the series, the cost and the largest wait of any minute, once all steps have been added. */
  finish(): {
    readonly series: ReportSeries;
    readonly cost: CapacityCost;
    /** The wait that 95 % of the requests of that minute don't exceed. */
    readonly peakWaitP95S: number;
  } {
    const { cost, bySteps } = this.#cost();
    const perS = (column: readonly number[]) =>
      this.#seconds.map((seconds, bucket) => rounded((column[bucket] ?? 0) / Math.max(seconds, 1e-9)));
    const plain = (column: readonly number[]) =>
      this.#seconds.map((_, bucket) => rounded(column[bucket] ?? 0));
    let sum = 0;
    const costs = bySteps.map((amount) => {
      sum += amount;
      return rounded(sum);
    });
    const columns = seriesNames.map((name) => {
      if (name === 'cost') return [name, costs] as const;
      const column = this.#columns.get(name) ?? [];
      return [name, means.has(name) ? perS(column) : plain(column)] as const;
    });
    const failedBy = [...this.#failedBy]
      .filter(([cause]) => (this.totals.failedBy.get(cause) ?? 0) >= leastFailed)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([cause, column]) => [cause, perS(column)] as const);
    return {
      series: {
        fromS: (this.#fromMs - this.#zeroMs) / 1000,
        stepS: this.stepS,
        columns: Object.fromEntries(columns),
        failedBy: Object.fromEntries(failedBy),
      },
      cost,
      peakWaitP95S: this.#peakWait.seconds,
    };
  }
}
