import { eventMaxS } from '@/lib/capacity/demand/demand';
import {
  CapacityScenario,
  type CapacityScenarioInput,
  type ScenarioBalancer,
} from '@/lib/capacity/scenario/scenario';
import type { Cutover } from '@/lib/diversion/cutover';
import { SwitchSide } from '@/lib/diversion/switch';
import { getConcurrencyLimit } from '@/lib/estate/functions/concurrency-limit';
import { findFunction, getHostName } from '@/lib/estate/look-up';
import type { Estate, LoadBalancer, ScfFunction } from '@/lib/estate/model';
import { anticipate } from './model/anticipate';
import type { Plan } from './model/model';
import { type ResolvedRoute, resolveRoute } from './model/resolve-route';
import { listShareStages, type NameWeights } from './share-stages';

/** The expected load of an event. What is not known has an assumed value, which people can change. */
export type EventDemand = {
  /** The peak of all moved names together, in requests per second; null = as the diversion says, or `assumedPeakRps`. */
  readonly peakRps?: number | null;
  /** The mean duration of a call without a cold start, in ms; null = `assumedCallMs`. */
  readonly callMs?: number | null;
  /** Requests per second that one server serves at most; null = `assumedServerRps`. */
  readonly serverRps?: number | null;
};

/* Our own choices for what is not known; no source. */
const assumedPeakRps = 1000;
const assumedCallMs = 180;
const assumedServerRps = 350;
const assumedServerMs = 60;
/** Before prewarm and after the rollback, in seconds. */
const marginS = 300;
/** The duration of a plan that stays in effect, in seconds. */
const staysS = 7200;
/** The TTL for names without a record: no resolver has an answer to expire. In seconds. */
const noRecordTtlS = 1;
const regionQuotaMb = 128_000;

/**
 * Returns the capacity scenario of a plan: demand, sides, limits and the times at which traffic moves, from the newest
 * snapshot. Second 0 is five minutes before prewarm. Of an event longer than 14 days, it has the first 14.
 * @param newest the newest snapshot, of all accounts of the plan
 * @param cutover null = at once, for two hours
 * @returns null if the plan moves no traffic to a function that the snapshot has
 */
export function eventScenario(
  plan: Pick<Plan, 'steps' | 'diversion'>,
  newest: Estate,
  cutover: Pick<Cutover, 't0' | 't1' | 'prewarmS'> | null,
  demand: EventDemand = {},
): CapacityScenario | null {
  const { diversion } = plan;
  const { estate, routes } = anticipate(newest, diversion);
  const resolved = routes.flatMap((route, index) => {
    const result = resolveRoute(estate, route, index);
    return result.ok ? [result.value] : [];
  });
  const functions = listFunctions(resolved, estate);
  const [first] = functions;
  if (first === undefined) return null;
  const prewarmS = cutover?.prewarmS ?? 0;
  const t0S = marginS + prewarmS;
  const t1S =
    cutover === null || cutover.t1 === null
      ? null
      : t0S + Math.max(60, (Date.parse(cutover.t1) - Date.parse(cutover.t0)) / 1000);
  const durationS = Math.min(eventMaxS, (t1S ?? t0S + staysS) + marginS);
  const lengthS = durationS - marginS - t0S;
  const peakRps = demand.peakRps ?? diversion.expectedPeakRps ?? assumedPeakRps;
  const callMs = demand.callMs ?? assumedCallMs;
  const input: CapacityScenarioInput = {
    name: diversion.name,
    startsAt: cutover === null ? null : new Date(Date.parse(cutover.t0) - t0S * 1000).toISOString(),
    durationS,
    stepS: Math.max(10, Math.ceil(durationS / 8640)),
    demand: {
      kind: 'flashSale',
      baseRps: peakRps * 0.05,
      preRushRps: peakRps * 0.25,
      preRushS: t0S,
      opensAtS: t0S,
      peakRps,
      riseS: 60,
      holdS: Math.min(600, lengthS / 4),
      decayS: lengthS / 4,
      tailRps: peakRps * 0.1,
    },
    traffic: {
      how: isByDns(plan) ? 'dns' : 'rule',
      ttlS: longestTtlS(plan),
      functionShare: diversion.kind === 'switch' && diversion.toward === 'cvm' ? 1 : 0,
      changes: listShareChanges(plan, t0S, t1S).filter(({ atS }) => atS < durationS),
    },
    cvm: {
      servers: countServers(resolved, estate),
      each: {
        kind: 'rate',
        rps: demand.serverRps ?? assumedServerRps,
        latencyMs: assumedServerMs,
      },
    },
    functions: functions.map((fn) => ({
      name: `${fn.namespace}/${fn.name}`,
      region: fn.region,
      memoryMb: fn.memoryMb,
      duration: { kind: 'lognormal', meanMs: callMs, p95Ms: callMs * 2 },
      timeoutS: fn.timeoutS,
      reservedMb: typeof fn.reservedMb === 'number' ? fn.reservedMb : null,
      provisioned: listProvisioned(plan, fn, cutover === null ? 0 : marginS),
    })),
    regions: [...new Set(functions.map(({ region }) => region))].map((region) => ({
      region,
      quotaMb: regionFreeMb(estate, functions, region) ?? regionQuotaMb,
    })),
    balancers: listBalancers(resolved),
  };
  return CapacityScenario.parse(input);
}

/** Returns the functions that a diversion leads to, each once. */
function listFunctions(resolved: readonly ResolvedRoute[], estate: Estate): readonly ScfFunction[] {
  const found = resolved.flatMap(({ route }) =>
    route.to === 'function' ? (findFunction(estate, route.function) ?? []) : [],
  );
  return [...new Set(found)];
}

/** Returns whether a plan moves traffic by changing records, rather than a rule in place. */
const isByDns = ({ steps }: Pick<Plan, 'steps'>) =>
  steps.some((step) => step.kind === 'write' && step.phase === 'divert' && step.object.kind === 'recordSet');

/** Returns the longest TTL of the records that a plan moves, as they are when it moves them, in seconds. */
function longestTtlS({ steps }: Pick<Plan, 'steps'>): number {
  const ttls = steps.flatMap((step) => {
    if (step.kind !== 'write' || step.phase !== 'divert' || step.object.kind !== 'recordSet') return [];
    const { before, object } = step;
    if (before.kind !== 'recordSet' || getHostName(object) === '') return [];
    return before.records.map(({ ttlS }) => ttlS);
  });
  return Math.min(604_800, Math.max(noRecordTtlS, ...ttls));
}

/**
 * Returns the share of the function over time, in seconds of a scenario: along a ramp, with its bakes, wave by wave, and
 * back at T1.
 * @param t1S null = it stays
 */
export function listShareChanges(
  plan: Pick<Plan, 'diversion' | 'steps'>,
  t0S: number,
  t1S: number | null,
  weights: NameWeights = {},
): { readonly atS: number; readonly functionShare: number }[] {
  const { diversion } = plan;
  const isToward = diversion.kind !== 'switch' || diversion.toward === 'function';
  const toShare = (percent: number) => (isToward ? percent : 100 - percent) / 100;
  let atS = t0S;
  const changes: { readonly atS: number; readonly functionShare: number }[] = [];
  for (const { percent, forS } of listShareStages(plan, weights)) {
    if (t1S !== null && atS >= t1S) break;
    changes.push({ atS, functionShare: toShare(percent) });
    atS += Math.max(1, forS);
  }
  return t1S === null ? changes : [...changes, { atS: t1S, functionShare: isToward ? 0 : 1 }];
}

/** Returns the number of targets that serve the names of a diversion or are added, each once. */
function countServers(resolved: readonly ResolvedRoute[], estate: Estate): number {
  const names = new Set(resolved.map(({ hostName }) => hostName));
  const serving = estate.rules.filter(({ domain }) => names.has(domain)).flatMap(({ targets }) => targets);
  const added = resolved.flatMap(({ route }) => (route.to === 'cvm' ? route.addTargets : []));
  return new Set([...serving, ...added].map(({ instanceId, port }) => `${instanceId} ${port}`)).size;
}

/** Returns the warm instances of a function over time, before and from prewarm on. */
function listProvisioned(
  { steps }: Pick<Plan, 'steps'>,
  fn: ScfFunction,
  prewarmAtS: number,
): { readonly atS: number; readonly instances: number }[] {
  const now = fn.provisioned?.reduce((sum, { available }) => sum + available, 0) ?? 0;
  const added = steps.reduce((sum, step) => {
    if (step.kind !== 'write' || step.object.kind !== 'provisioned' || step.phase !== 'prewarm') return sum;
    const { object, before, after } = step;
    const isOf = object.region === fn.region && object.namespace === fn.namespace && object.name === fn.name;
    if (!isOf || before.kind !== 'provisioned' || after.kind !== 'provisioned') return sum;
    return sum + after.instances - before.instances;
  }, 0);
  const before = now === 0 ? [] : [{ atS: -86_400, instances: now }];
  return added === 0 ? before : [...before, { atS: prewarmAtS, instances: now + added }];
}

/** Returns what a region has for functions without a reservation, and for those of the event; null = unread. */
function regionFreeMb(estate: Estate, functions: readonly ScfFunction[], region: string): number | null {
  const own = functions.filter((fn) => fn.region === region);
  const reserved = own.reduce(
    (sum, { reservedMb }) => sum + (typeof reservedMb === 'number' ? reservedMb : 0),
    0,
  );
  const shared = own.find(({ reservedMb }) => typeof reservedMb !== 'number');
  const free = shared === undefined ? 0 : getConcurrencyLimit(estate, shared);
  return free === null ? null : Math.max(0, free + reserved);
}

function listBalancers(resolved: readonly ResolvedRoute[]): CapacityScenarioInput['balancers'] {
  const of = (side: SwitchSide) => resolved.find(({ route }) => route.to === side)?.loadBalancer;
  const own = of(SwitchSide.enum.function);
  const cvm = of(SwitchSide.enum.cvm) ?? own;
  const unknown = { name: 'unknown', region: 'unknown', spec: '' };
  return {
    cvm: cvm === undefined ? unknown : toBalancer(cvm),
    function: own === undefined || own === cvm ? null : toBalancer(own),
  };
}

function toBalancer({
  id,
  name,
  region,
  slaType,
  bandwidthMbps,
  network,
}: LoadBalancer): Pick<ScenarioBalancer, 'name' | 'region' | 'spec' | 'bandwidthMbps' | 'isPublic'> {
  const isLimited = bandwidthMbps !== null && bandwidthMbps > 0;
  return {
    name: name || id,
    region,
    spec: slaType ?? '',
    bandwidthMbps: isLimited ? bandwidthMbps : null,
    isPublic: network === 'OPEN',
  };
}
