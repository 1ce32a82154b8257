import { peakDemand, scaleDemand } from '@/lib/capacity/demand/demand';
import { type CapacityScenario, countScenarioSteps } from '@/lib/capacity/scenario/scenario';
import type { RefusalCause } from '@/lib/capacity/sides/causes';
import { largestMinuteShare, simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { scfQuotaDefaultMb } from '@/lib/estate/facts/limits';
import {
  adviseProvisioned,
  countFitting,
  type ProvisionedAdvice,
  smallestProvisioned,
} from './advise-provisioned';
import {
  endlessMb,
  withEarlierDivert,
  withFunctionShare,
  withProvisioned,
  withQuota,
  withShards,
  withWarm,
} from './change-scenario';
import { findLargestFactor } from './find-largest-factor';
import { rankAssumptions, type SensitivityRow } from './rank-assumptions';
import {
  type CaseOutcome,
  caseOutcome,
  coarsen,
  doFunctionsHold,
  findSmallest,
  listCauses,
} from './try-scenario';

/** Quotas are advised in GB. */
const quotaStepMb = 1024;
const quotaRaisesMost = 12;
const divertEarlierMostS = 1800;
export const shardsMost = 10;
/** The first step from the factor that longer steps find for a spike, as a part of it. */
const spikeStep = 0.02;

export type QuotaAdvice = {
  readonly region: string;
  /** The smallest quota with which the functions keep the goals, in MB; null = the quota is not the limit. */
  readonly neededMb: number | null;
  readonly quotaMb: number;
  readonly isEnough: boolean;
  /** Request it so many days before: an assumption. */
  readonly leadDays: number;
};

export type SpikeAdvice = {
  /** The largest multiple of the demand with which all goals are met; 0 = none. */
  readonly factor: number;
  readonly peakRps: number;
  /** The causes that end it. */
  readonly causes: readonly RefusalCause[];
};

export type MixRow = CaseOutcome & {
  /** The part of the requests that the scenario moves which go to the functions. */
  readonly part: number;
  /** The smallest number of provisioned instances for it; null = it can't keep the goals. */
  readonly instances: number | null;
};

export type ShardAdvice = {
  /** The number of functions in place of each: 1 = no need to split; null = even `shardsMost` don't suffice. */
  readonly functions: number | null;
  readonly why: 'none' | 'warmUp' | 'reservation' | 'region';
  /** Regions with their usual quota that are needed for the memory. */
  readonly regions: number;
};

export type CapacityAdvice = {
  readonly now: CaseOutcome;
  /** The causes of refusals as the scenario is. */
  readonly causes: readonly RefusalCause[];
  readonly provisioned: ProvisionedAdvice;
  /**
   * The time from the start of the prewarm to the first change of traffic as the scenario has it, in seconds: with it, the
   * instances are warm in time also if the divert comes earlier. null = no instances, or no change.
   */
  readonly prewarmLeadS: number | null;
  /** The time by which to divert earlier so that the servers refuse no more than the goal; null = that doesn't help. */
  readonly divertEarlierS: number | null;
  readonly quotas: readonly QuotaAdvice[];
  readonly spike: SpikeAdvice;
  /** The cheapest first, of those that keep the goals; then the others. */
  readonly mixes: readonly MixRow[];
  readonly shards: ShardAdvice;
  readonly sensitivity: readonly SensitivityRow[];
  /** The scenario with the advice on instances, prewarm and divert in it, and its outcome. */
  readonly advised: { readonly scenario: CapacityScenario; readonly outcome: CaseOutcome };
};

type AdviceOptions = {
  /** The earliest start of a prewarm, in seconds of the scenario: usually now. */
  readonly earliestPrewarmS?: number;
};

/**
 * Advises how to keep the goals of a scenario, part by part: a page can react between two parts. For a day of 10-second
 * steps the longest takes some 0.4 s. Each advice was simulated: searches use longer steps for a long event, and verify
 * what they find with all of them.
 */
export function* adviseInParts(
  scenario: CapacityScenario,
  { earliestPrewarmS = -86_400 }: AdviceOptions = {},
): Generator<undefined, CapacityAdvice> {
  const now = simulateCapacity(scenario);
  const divertEarlierS = adviseDivert(scenario);
  yield;
  const moved = divertEarlierS === null ? scenario : withEarlierDivert(scenario, divertEarlierS);
  const provisioned = adviseProvisioned(moved, earliestPrewarmS);
  yield;
  const advised =
    provisioned.kind === 'instances'
      ? withProvisioned(moved, provisioned.instances, provisioned.prewarmAtS)
      : withWarm(moved, provisioned.fitting);
  const quotas = adviseQuotas(moved);
  yield;
  const spike = adviseSpike(scenario);
  yield;
  const mixes: MixRow[] = [];
  for (const part of mixParts) {
    mixes.push(simulateMix(moved, part));
    yield;
  }
  const shards = adviseShards(moved, provisioned, earliestPrewarmS);
  yield;
  return {
    now: caseOutcome(now),
    causes: listCauses(now),
    provisioned,
    prewarmLeadS: findLead(scenario, provisioned),
    divertEarlierS,
    quotas,
    spike,
    mixes: sortMixes(mixes),
    shards,
    sensitivity: rankAssumptions(scenario),
    advised: { scenario: advised, outcome: caseOutcome(simulateCapacity(advised)) },
  };
}

/** Advises how to keep the goals of a scenario, at once: see `adviseInParts`. */
export function adviseCapacity(scenario: CapacityScenario, options: AdviceOptions = {}): CapacityAdvice {
  const parts = adviseInParts(scenario, options);
  for (;;) {
    const part = parts.next();
    if (part.done) return part.value;
  }
}

function findLead({ traffic }: CapacityScenario, provisioned: ProvisionedAdvice): number | null {
  const [first] = traffic.changes;
  if (first === undefined || provisioned.kind !== 'instances' || provisioned.instances === 0) return null;
  return Math.max(0, first.atS - provisioned.prewarmAtS);
}

/** Returns the smallest lead with which the servers keep the goal of refusals, in seconds; 0 = they do now. */
function adviseDivert(scenario: CapacityScenario): number | null {
  const coarse = coarsen(scenario);
  const { stepS } = scenario;
  const most = Math.floor(divertEarlierMostS / stepS);
  const doServersHold = (of: CapacityScenario) => {
    const { totals, series } = simulateCapacity(of);
    const { serverBusy, serverTimeout, serverSlow, noBackend } = totals.refusedBy;
    const { refusedBy, arrivals } = series;
    const columns = [
      refusedBy.serverBusy,
      refusedBy.serverTimeout,
      refusedBy.serverSlow,
      refusedBy.noBackend,
    ];
    return (
      serverBusy + serverTimeout + serverSlow + noBackend <= of.goals.refusedShare * totals.arrivals &&
      largestMinuteShare(columns, arrivals, of.stepS) <= of.goals.minuteRefusedShare &&
      series.waitP95S.every(
        (waitS, step) => waitS <= of.goals.waitP95Ms / 1000 || waitS <= (series.functionWaitP95S[step] ?? 0),
      )
    );
  };
  if (scenario.traffic.changes.length === 0) return doServersHold(coarse) ? 0 : null;
  const found = findSmallest(0, most, (steps) => doServersHold(withEarlierDivert(coarse, steps * stepS)));
  return found === null ? null : found * stepS;
}

/** Returns the quotas that the functions need, by region, if as many instances are warm as they need. */
function adviseQuotas(scenario: CapacityScenario): readonly QuotaAdvice[] {
  const endless = withQuota(scenario, () => endlessMb);
  const coarse = coarsen(endless);
  const instances = smallestProvisioned(coarse);
  const setUp = (of: CapacityScenario) => (instances === null ? of : withWarm(of, instances));
  const canHold = doFunctionsHold(setUp(coarse));
  // Usually enough for any of them: twice what all of them use at once.
  const usedMb = 2 * simulateCapacity(setUp(coarse)).totals.peakMemoryMb;
  const leadDays = scenario.assumptions['quota.leadDays'];
  return scenario.regions
    .filter(({ region }) => scenario.functions.some((fn) => fn.region === region))
    .map(({ region, quotaMb, otherMb }) => {
      const holds = (of: CapacityScenario, units: number) =>
        doFunctionsHold(
          withQuota(setUp(of), (each, present) => (each === region ? units * quotaStepMb : present)),
        );
      const first = Math.floor(otherMb / quotaStepMb);
      let last = Math.ceil((otherMb + usedMb) / quotaStepMb) + 1;
      while (canHold && last * quotaStepMb < endlessMb && !holds(coarse, last)) last *= 2;
      let units = findSmallest(first, last, (count) => holds(coarse, count));
      // Longer steps hide a part of the peak.
      for (let raise = 0; units !== null && raise < quotaRaisesMost && !holds(endless, units); raise += 1)
        units = Math.ceil(units * 1.02);
      const neededMb = units === null ? null : units * quotaStepMb;
      return { region, neededMb, quotaMb, isEnough: neededMb !== null && neededMb <= quotaMb, leadDays };
    });
}

/**
 * Returns the largest multiple of the demand with which all goals are met. Longer steps hide a part of a short peak, so that
 * what a search with them finds is corrected with all steps.
 */
function adviseSpike(scenario: CapacityScenario): SpikeAdvice {
  const at = (of: CapacityScenario, factor: number) =>
    simulateCapacity({ ...of, demand: scaleDemand(of.demand, factor) });
  const coarse = coarsen(scenario);
  const holds = (of: CapacityScenario) => (factor: number) => at(of, factor).goals.areMet;
  const found = findLargestFactor(holds(coarse), 1, 2);
  const factor = coarse === scenario ? found : findLargestFactor(holds(scenario), found, spikeStep);
  const peak = peakDemand(scenario.demand, countScenarioSteps(scenario), scenario.stepS);
  const beyond = factor === 0 ? 1 : factor * 1.05;
  return { factor, peakRps: factor * peak, causes: listCauses(at(scenario, beyond)) };
}

/** The parts of the moved requests that the mixes compare. */
const mixParts = [1, 0.75, 0.5, 0.25, 0] as const;

/** Returns what a part of the requests on the functions needs and costs. */
function simulateMix(scenario: CapacityScenario, part: number): MixRow {
  const mix = coarsen(withFunctionShare(scenario, part));
  const instances = part === 0 ? 0 : smallestProvisioned(mix);
  // Longer steps hide a part of a short peak: the outcome is that of all of them.
  const set = { ...withWarm(mix, instances ?? countFitting(mix)), stepS: scenario.stepS };
  return { part, instances, ...caseOutcome(simulateCapacity(set)) };
}

/** Returns the mixes that keep the goals first, and the cheapest of each kind first. */
function sortMixes(rows: readonly MixRow[]): readonly MixRow[] {
  return rows.toSorted((a, b) =>
    a.areGoalsMet === b.areGoalsMet ? a.cost - b.cost : Number(b.areGoalsMet) - Number(a.areGoalsMet),
  );
}

/** Returns into how many functions to split each, where one doesn't suffice. */
function adviseShards(
  scenario: CapacityScenario,
  provisioned: ProvisionedAdvice,
  earliestS: number,
): ShardAdvice {
  const isReserved = scenario.functions.some(({ reservedMb }) => reservedMb !== null);
  if (provisioned.kind === 'beyondQuota') {
    const quotas = adviseQuotas(withoutReservations(scenario));
    const regions = quotas.reduce(
      (sum, { region, neededMb }) =>
        sum + Math.max(1, Math.ceil((neededMb ?? 0) / scfQuotaDefaultMb(region))),
      0,
    );
    const fitsTogether = quotas.every(({ isEnough }) => isEnough);
    if (isReserved && fitsTogether) {
      const functions = findSmallest(
        1,
        shardsMost,
        (count) => smallestProvisioned(withShards(scenario, count)) !== null,
      );
      return { functions, why: 'reservation', regions };
    }
    return { functions: Math.max(1, regions), why: 'region', regions };
  }
  if (provisioned.isInTime) return { functions: 1, why: 'none', regions: 1 };
  const functions = findSmallest(2, shardsMost, (count) => {
    const split = adviseProvisioned(withShards(scenario, count), earliestS);
    return split.kind === 'instances' && split.isInTime;
  });
  return { functions, why: 'warmUp', regions: 1 };
}

function withoutReservations(scenario: CapacityScenario): CapacityScenario {
  return { ...scenario, functions: scenario.functions.map((fn) => ({ ...fn, reservedMb: null })) };
}
