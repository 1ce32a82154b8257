import { sampleDemand } from '@/lib/capacity/demand/demand';
import { fullShare, listCapacityLimits, refusedShareLeast } from '@/lib/capacity/list-capacity-limits';
import { CostMeter } from '@/lib/capacity/prices/capacity-cost';
import { PeakWait } from '@/lib/capacity/queueing/peak-wait';
import { responseQuantile, type ServiceTime, serviceTime } from '@/lib/capacity/queueing/service-time';
import {
  mixedQuantile,
  noWait,
  type Wait,
  waitMean,
  waitQuantile,
  waitSpread,
} from '@/lib/capacity/queueing/wait';
import {
  type BalancerSeries,
  type CapacityResult,
  type CapacitySeries,
  type CapacityTotals,
  type FunctionSeries,
  type GoalResult,
  type SeriesName,
  seriesUnits,
} from '@/lib/capacity/result';
import { type CapacityScenario, countScenarioSteps } from '@/lib/capacity/scenario/scenario';
import { TrafficShares } from '@/lib/capacity/shares/traffic-shares';
import { LoadBalancerLimiter } from '@/lib/capacity/sides/balancer-limits';
import { type RefusalCause, refusalCauses } from '@/lib/capacity/sides/causes';
import { type CvmCapacity, CvmPool, type CvmStep } from '@/lib/capacity/sides/cvm-pool';
import { FunctionSide, type FunctionStep } from '@/lib/capacity/sides/function-side';

/** The share of the requests from which a side's response times count. */
const sideShareLeast = 0.01;

/**
 * Returns what happens to the requests of an event, step by step. Expected values: the same scenario gives the same
 * result.
 */
export function simulateCapacity(scenario: CapacityScenario): CapacityResult {
  return new CapacityRun(scenario).run();
}

function createSeries(steps: number): CapacitySeries {
  const column = () => new Float64Array(steps);
  const names = Object.keys(seriesUnits);
  const isName = (name: string): name is SeriesName => names.includes(name);
  const entries = names.filter(isName).map((name) => [name, column()] as const);
  const causes = refusalCauses.map((cause) => [cause, column()] as const);
  return { ...fromEntries(entries), refusedBy: fromEntries(causes) };
}

/** Object.fromEntries with the keys' type; each key must be among the entries. */
function fromEntries<K extends string, V>(entries: readonly (readonly [K, V])[]): Record<K, V> {
  return Object.fromEntries(entries) as Record<K, V>;
}

function addTo(column: Float64Array, step: number, value: number): void {
  column[step] = (column[step] ?? 0) + value;
}

/** The parts of a simulation with their state. */
class CapacityRun {
  readonly #scenario: CapacityScenario;
  readonly #steps: number;
  readonly #series: CapacitySeries;
  readonly #byFunction: readonly FunctionSeries[];
  readonly #byBalancer: readonly BalancerSeries[];
  readonly #shares: TrafficShares;
  readonly #cvm: CvmPool;
  readonly #functions: FunctionSide;
  readonly #cvmBalancer: LoadBalancerLimiter;
  readonly #functionBalancer: LoadBalancerLimiter | null;
  readonly #meter: CostMeter;
  /** The part of the function side's requests that each function gets. */
  readonly #parts: readonly number[];
  readonly #peakWaitP95 = new PeakWait(0.95);
  readonly #peakWaitP99 = new PeakWait(0.99);
  readonly #functionRps: number[] = [];
  readonly #functionJumps: number[] = [];
  readonly #cvmTime: ServiceTime;
  readonly #functionTimes: readonly ServiceTime[];
  readonly #memoryMb: readonly number[];

  constructor(scenario: CapacityScenario) {
    const { traffic, clients, assumptions, functions, regions, balancers, cvm } = scenario;
    this.#scenario = scenario;
    this.#steps = countScenarioSteps(scenario);
    this.#series = createSeries(this.#steps);
    const column = () => new Float64Array(this.#steps);
    this.#byFunction = functions.map(() => ({
      busy: column(),
      provisioned: column(),
      coldStarts: column(),
      functionConcurrency: column(),
      functionBurst: column(),
    }));
    this.#byBalancer = [balancers.cvm, ...(balancers.function === null ? [] : [balancers.function])].map(
      () => ({ requests: column(), newConnections: column(), connections: column(), outMbps: column() }),
    );
    this.#shares = new TrafficShares(traffic, clients, assumptions);
    this.#cvm = new CvmPool(cvm, assumptions);
    this.#functions = new FunctionSide(functions, regions, assumptions);
    this.#cvmBalancer = new LoadBalancerLimiter(balancers.cvm, clients, assumptions);
    this.#functionBalancer =
      balancers.function === null ? null : new LoadBalancerLimiter(balancers.function, clients, assumptions);
    this.#meter = new CostMeter(scenario, this.#steps);
    const weights = functions.reduce((sum, { weight }) => sum + weight, 0);
    this.#parts = functions.map(({ weight }) => weight / weights);
    this.#cvmTime = {
      meanS: this.#cvm.capacity.serviceS,
      busyS: this.#cvm.capacity.serviceS,
      cv2: cvm.variation ** 2,
      overLimit: 0,
    };
    this.#functionTimes = functions.map((fn) => serviceTime(fn.duration, fn.timeoutS));
    this.#memoryMb = functions.map(({ memoryMb }) => memoryMb);
  }

  run(): CapacityResult {
    const { stepS, clients, demand } = this.#scenario;
    const { rps, jumps } = sampleDemand(demand, this.#steps, stepS);
    let refused = 0;
    for (let step = 0; step < this.#steps; step += 1) {
      const wanted = rps[step] ?? 0;
      const arrivals = wanted + clients.retryShare * refused;
      this.#series.demand[step] = wanted;
      refused = this.#step(step, arrivals, jumps[step] ?? 0);
    }
    const { cost, bySteps } = this.#meter.finish();
    let sum = 0;
    for (let step = 0; step < this.#steps; step += 1) {
      sum += bySteps[step] ?? 0;
      this.#series.cost[step] = sum;
    }
    const totals = {
      ...summarise(this.#series, this.#scenario, this.#cvm.capacity),
      peakWaitP95S: this.#peakWaitP95.seconds,
      peakWaitP99S: this.#peakWaitP99.seconds,
    };
    const { goals } = this.#scenario;
    const refusedShare = judge(totals.refusedShare, goals.refusedShare);
    const minuteRefusedShare = judge(totals.minuteRefusedShare, goals.minuteRefusedShare);
    const waitP95Ms = judge(totals.peakWaitP95S * 1000, goals.waitP95Ms);
    const parts = { series: this.#series, byFunction: this.#byFunction, byBalancer: this.#byBalancer };
    const areMet = refusedShare.isMet && minuteRefusedShare.isMet && waitP95Ms.isMet;
    return {
      steps: this.#steps,
      stepS,
      ...parts,
      totals,
      limits: listCapacityLimits(this.#scenario, parts),
      cost,
      goals: { refusedShare, minuteRefusedShare, waitP95Ms, areMet },
    };
  }

  /** @returns the refused requests per second */
  #step(step: number, arrivals: number, demandJump: number): number {
    const { stepS } = this.#scenario;
    const series = this.#series;
    const share = this.#shares.step(stepS);
    const inGap = (arrivals * share.gapShare * share.gapS) / stepS;
    const passing = arrivals - inGap;
    const toFunction = passing * share.actual;
    const toCvm = passing - toFunction;
    series.arrivals[step] = arrivals;
    series.intendedShare[step] = share.intended;
    series.resolvedShare[step] = share.resolved;
    series.functionShare[step] = share.actual;
    const accepted = this.#passBalancers(step, toCvm, toFunction);
    const jump = demandJump * share.actual + arrivals * share.jump;
    for (const [index, part] of this.#parts.entries()) {
      this.#functionRps[index] = part * accepted.function;
      this.#functionJumps[index] = part * jump;
    }
    const functions = this.#functions.step(this.#functionRps, stepS, this.#functionJumps);
    const cvm = this.#cvm.step(accepted.cvm, stepS);
    this.#refuse(step, 'noBackend', inGap * stepS);
    this.#addCvm(step, cvm);
    const wait = this.#addFunctions(step, functions);
    this.#addWaits(step, cvm, wait, accepted);
    const refused = series.refused[step] ?? 0;
    series.served[step] = (series.cvmServed[step] ?? 0) + (series.functionServed[step] ?? 0);
    return refused;
  }

  /** @param count requests of the step */
  #refuse(step: number, cause: RefusalCause, count: number): void {
    if (count === 0) return;
    const rps = count / this.#scenario.stepS;
    addTo(this.#series.refusedBy[cause], step, rps);
    addTo(this.#series.refused, step, rps);
  }

  /** Returns the requests per second that pass the load balancers, by side. */
  #passBalancers(
    step: number,
    cvm: number,
    function_: number,
  ): { readonly cvm: number; readonly function: number } {
    if (this.#functionBalancer !== null) {
      const passed = this.#pass(step, this.#cvmBalancer, 0, cvm);
      return { cvm: passed, function: this.#pass(step, this.#functionBalancer, 1, function_) };
    }
    const all = cvm + function_;
    const passed = this.#pass(step, this.#cvmBalancer, 0, all);
    const share = all > 0 ? passed / all : 0;
    return { cvm: cvm * share, function: function_ * share };
  }

  #pass(step: number, balancer: LoadBalancerLimiter, index: number, rps: number): number {
    const passed = balancer.step(rps, this.#scenario.stepS);
    const { accepted, refused, newConnectionsPerS, connections, outMbps } = passed;
    this.#refuse(step, 'balancerRequests', refused.balancerRequests);
    this.#refuse(step, 'balancerConnections', refused.balancerConnections);
    this.#refuse(step, 'balancerBandwidth', refused.balancerBandwidth);
    addTo(this.#series.newConnections, step, newConnectionsPerS);
    addTo(this.#series.connections, step, connections);
    addTo(this.#series.outMbps, step, outMbps);
    const own = this.#byBalancer[index];
    if (own !== undefined) {
      own.requests[step] = accepted;
      own.newConnections[step] = newConnectionsPerS;
      own.connections[step] = connections;
      own.outMbps[step] = outMbps;
    }
    this.#meter.addBalancer(step, index, { rps: accepted, newConnectionsPerS, connections });
    return accepted;
  }

  #addCvm(step: number, cvm: CvmStep): void {
    const { stepS } = this.#scenario;
    this.#series.cvmServed[step] = cvm.served / stepS;
    this.#series.queued[step] = cvm.queued;
    this.#series.cvmBusy[step] = cvm.busy;
    this.#refuse(step, 'serverBusy', cvm.refused.serverBusy);
    this.#refuse(step, 'serverTimeout', cvm.refused.serverTimeout);
    this.#refuse(step, 'serverSlow', cvm.refused.serverSlow);
    this.#refuse(step, 'serverError', cvm.refused.serverError);
    this.#refuse(step, 'noBackend', cvm.refused.noBackend);
  }

  /** Returns the wait of the requests to all functions. */
  #addFunctions(step: number, functions: readonly FunctionStep[]): Wait {
    const { stepS } = this.#scenario;
    let [run, waited, wait] = [0, 0, noWait];
    for (const [index, fn] of functions.entries()) {
      const { refused } = fn;
      const calls =
        fn.arrivals - refused.functionConcurrency - refused.functionBurst - refused.functionColdStart;
      run += calls;
      waited += calls * fn.wait.share;
      if (fn.wait.share > 0) wait = fn.wait;
      addTo(this.#series.functionServed, step, fn.served / stepS);
      addTo(this.#series.concurrency, step, fn.busy);
      addTo(this.#series.provisioned, step, fn.provisioned);
      addTo(this.#series.onDemand, step, fn.onDemand);
      addTo(this.#series.coldStarts, step, fn.coldStarts / stepS);
      const own = this.#byFunction[index];
      if (own !== undefined) {
        own.busy[step] = fn.busy;
        own.provisioned[step] = fn.provisioned;
        own.coldStarts[step] = fn.coldStarts / stepS;
        own.functionConcurrency[step] = refused.functionConcurrency / stepS;
        own.functionBurst[step] = refused.functionBurst / stepS;
      }
      addTo(this.#series.memoryMb, step, Math.max(fn.busy, fn.provisioned) * (this.#memoryMb[index] ?? 0));
      this.#refuse(step, 'functionConcurrency', refused.functionConcurrency);
      this.#refuse(step, 'functionBurst', refused.functionBurst);
      this.#refuse(step, 'functionColdStart', refused.functionColdStart);
      this.#refuse(step, 'functionTimeout', refused.functionTimeout);
      this.#refuse(step, 'functionError', refused.functionError);
      const { gbSeconds, idleGbSeconds } = fn;
      this.#meter.addFunction(step, index, { calls, gbSeconds, idleGbSeconds });
    }
    // All waits of functions are the cold start, which is the same for each.
    return run > 0 && waited > 0 ? { ...wait, share: Math.min(1, waited / run) } : noWait;
  }

  #addWaits(
    step: number,
    cvm: CvmStep,
    function_: Wait,
    accepted: { readonly cvm: number; readonly function: number },
  ): void {
    const series = this.#series;
    const all = accepted.cvm + accepted.function;
    if (all <= 0) return;
    const weight = accepted.cvm / all;
    series.waitP50S[step] = mixedQuantile(cvm.wait, function_, weight, 0.5);
    series.waitP95S[step] = mixedQuantile(cvm.wait, function_, weight, 0.95);
    series.waitP99S[step] = mixedQuantile(cvm.wait, function_, weight, 0.99);
    const { stepS } = this.#scenario;
    for (const [peak, waits] of [
      [this.#peakWaitP95, series.waitP95S],
      [this.#peakWaitP99, series.waitP99S],
    ] as const) {
      peak.begin(step * stepS, waits[step] ?? 0);
      peak.add(cvm.wait, accepted.cvm * stepS);
      peak.add(function_, accepted.function * stepS);
    }
    if (accepted.cvm > 0) {
      series.cvmWaitP95S[step] = waitQuantile(cvm.wait, 0.95);
      series.cvmResponseP95S[step] = responseP95(cvm.wait, this.#cvmTime);
    }
    if (accepted.function > 0) {
      series.functionWaitP95S[step] = waitQuantile(function_, 0.95);
      let slowest = 0;
      for (const time of this.#functionTimes) slowest = Math.max(slowest, responseP95(function_, time));
      series.functionResponseP95S[step] = slowest;
    }
  }
}

const judge = (value: number, goal: number): GoalResult => ({ value, goal, isMet: value <= goal });

/**
 * Returns the largest share of a minute's arrivals that some columns have.
 * @param columns requests per second
 */
export function largestMinuteShare(
  columns: readonly Float64Array[],
  arrivals: Float64Array,
  stepS: number,
): number {
  const perMinute = Math.max(1, Math.round(60 / stepS));
  let largest = 0;
  for (let first = 0; first < arrivals.length; first += perMinute) {
    let [part, all] = [0, 0];
    for (let step = first; step < Math.min(arrivals.length, first + perMinute); step += 1) {
      all += arrivals[step] ?? 0;
      for (const column of columns) part += column[step] ?? 0;
    }
    // Less than one request in the minute says nothing.
    if (all * stepS >= 1) largest = Math.max(largest, part / all);
  }
  return largest;
}

function responseP95(wait: Wait, { busyS, cv2 }: ServiceTime): number {
  const spread = waitSpread(wait);
  return responseQuantile(busyS + waitMean(wait), busyS * busyS * cv2 + spread, 0.95);
}

function summarise(
  series: CapacitySeries,
  { stepS, functions }: CapacityScenario,
  capacity: CvmCapacity,
): Omit<CapacityTotals, 'peakWaitP95S' | 'peakWaitP99S'> {
  const steps = series.demand.length;
  const count = (column: Float64Array) => {
    let sum = 0;
    for (let step = 0; step < steps; step += 1) sum += column[step] ?? 0;
    return sum * stepS;
  };
  const peak = (column: Float64Array) => {
    let most = 0;
    for (let step = 0; step < steps; step += 1) most = Math.max(most, column[step] ?? 0);
    return most;
  };
  let [refusedFromS, refusedUntilS]: [number | null, number | null] = [null, null];
  let [cvmFullS, instances, cvmResponse, functionResponse] = [0, 0, 0, 0];
  for (let step = 0; step < steps; step += 1) {
    const arrivals = series.arrivals[step] ?? 0;
    if ((series.refused[step] ?? 0) > refusedShareLeast * arrivals) {
      refusedFromS ??= step * stepS;
      refusedUntilS = (step + 1) * stepS;
    }
    if (capacity.rps > 0 && (series.cvmBusy[step] ?? 0) >= fullShare * capacity.workers) cvmFullS += stepS;
    instances = Math.max(instances, (series.provisioned[step] ?? 0) + (series.onDemand[step] ?? 0));
    const share = series.functionShare[step] ?? 0;
    if (share >= sideShareLeast)
      functionResponse = Math.max(functionResponse, series.functionResponseP95S[step] ?? 0);
    if (1 - share >= sideShareLeast) cvmResponse = Math.max(cvmResponse, series.cvmResponseP95S[step] ?? 0);
  }
  const arrivals = count(series.arrivals);
  const refused = count(series.refused);
  const coldStarts = count(series.coldStarts);
  const by = refusalCauses.map((cause) => [cause, count(series.refusedBy[cause])] as const);
  const refusedBy = fromEntries(by);
  const run = count(series.functionServed) + refusedBy.functionTimeout + refusedBy.functionError;
  return {
    demand: count(series.demand),
    arrivals,
    served: count(series.served),
    queued: series.queued[steps - 1] ?? 0,
    refused,
    refusedShare: arrivals > 0 ? refused / arrivals : 0,
    refusedBy,
    minuteRefusedShare: largestMinuteShare([series.refused], series.arrivals, stepS),
    refusedFromS,
    refusedUntilS,
    coldStarts,
    coldStartShare: run > 0 ? coldStarts / run : 0,
    peakDemandRps: peak(series.demand),
    peakConcurrency: peak(series.concurrency),
    peakProvisioned: peak(series.provisioned),
    peakInstances: functions.length > 0 ? instances : 0,
    peakMemoryMb: peak(series.memoryMb),
    peakQueued: peak(series.queued),
    peakCvmResponseP95S: cvmResponse,
    peakFunctionResponseP95S: functionResponse,
    cvmMostRps: capacity.rps,
    cvmFullS,
  };
}
