import { type Demand, peakDemand, scaleDemand } from '@/lib/capacity/demand/demand';
import {
  type CapacityScenario,
  countScenarioSteps,
  type ScenarioFunction,
  type ScenarioRegion,
  scenarioStepsMax,
} from '@/lib/capacity/scenario/scenario';
import { functionMemoryMaxMb } from '@/lib/estate/facts/limits';
import { baseDemand, riseTime } from './change-shape';
import { eventTime, moveEvent } from './event-time';

export const controlGroups = ['demand', 'function', 'servers', 'balancer', 'dns', 'goals'] as const;
export type ControlGroup = (typeof controlGroups)[number];

/** The inputs with a slider, in the order of the page. */
const controlIds = [
  ...([
    'peak',
    'rise',
    'base',
    'scale',
    'opensAt',
    'hold',
    'decay',
    'preRush',
    'preRushTime',
    'tail',
  ] as const),
  ...(['secondWave', 'secondWaveAfter', 'retries', 'length'] as const),
  ...([
    'provisioned',
    'prewarmLead',
    'memory',
    'duration',
    'durationP95',
    'quota',
    'otherUse',
    'timeout',
  ] as const),
  ...(['servers', 'serverRate', 'serverLatency'] as const),
  ...(['responseKb', 'connectionS'] as const),
  ...(['ttl', 'divertLead', 'share'] as const),
  ...(['refusedGoal', 'minuteRefusedGoal', 'waitGoal'] as const),
] as const;
export type ControlId = (typeof controlIds)[number];

export type ControlUnit =
  | 'rps'
  | 'min'
  | 's'
  | 'ms'
  | 'h'
  | 'MB'
  | 'GB'
  | 'KB'
  | 'instances'
  | 'servers'
  | 'percent'
  | 'times';

/** One number of a scenario, as a slider and an input show it. */
export type Control = {
  readonly id: ControlId;
  readonly group: ControlGroup;
  readonly unit: ControlUnit;
  /** Only for those who look for it: below the others, folded. */
  readonly isFine: boolean;
  readonly value: number;
  /** The range that the model accepts. */
  readonly min: number;
  readonly max: number;
  /** The end of the slider. */
  readonly sliderMax: number;
  readonly step: number;
  /** Returns the scenario with another value, which must be in the range. */
  readonly set: (value: number) => CapacityScenario;
};

type Range = {
  readonly min?: number;
  readonly max: number;
  readonly sliderMax: number;
  readonly step?: number;
};

const rpsMax = 10_000_000;
/** The longest scenario, in hours: two weeks. */
const hoursMax = 336;
const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/**
 * Returns the inputs that a scenario has: those of a shape of demand differ.
 * @param functionIndex the function that the inputs of functions are about
 */
export function listControls(scenario: CapacityScenario, functionIndex = 0): readonly Control[] {
  return [...listDemand(scenario), ...listFunction(scenario, functionIndex), ...listOthers(scenario)];
}

/** Builds controls of one group. */
function createMaker(group: ControlGroup) {
  return (
    id: ControlId,
    unit: ControlUnit,
    value: number,
    { min = 0, max, sliderMax, step = 1 }: Range,
    set: (value: number) => CapacityScenario,
    isFine = false,
  ): Control => ({
    id,
    group,
    unit,
    isFine,
    value,
    min,
    max,
    step,
    set,
    // A value that was typed or comes from the estate may be beyond.
    sliderMax: Math.max(sliderMax, value),
  });
}

const minute = 60;

function listDemand(scenario: CapacityScenario): readonly Control[] {
  const make = createMaker('demand');
  const { demand, durationS, stepS } = scenario;
  const put = (next: Demand): CapacityScenario => ({ ...scenario, demand: next });
  const rates = (top: number): Range => ({ max: rpsMax, sliderMax: top, step: top > 2000 ? 50 : 10 });
  const minutes = (most: number): Range => ({ max: 10_080, sliderMax: most });
  const peak = Math.round(peakDemand(demand, countScenarioSteps(scenario), stepS));
  const list: Control[] = [];
  const top = niceTop(peak);
  list.push(
    make('peak', 'rps', peakValue(demand) ?? peak, { ...rates(top), max: peakMost(demand, peak) }, (value) =>
      put(changePeak(demand, value, peak)),
    ),
  );
  const rise = riseTime(demand);
  if (rise !== null)
    list.push(
      make('rise', 'min', rise / minute, { ...minutes(15), step: 0.5 }, (value) =>
        put(changeRise(demand, value * minute)),
      ),
    );
  if (demand.kind !== 'constant' && demand.kind !== 'series')
    list.push(make('base', 'rps', baseDemand(demand), rates(top), (value) => put(changeBase(demand, value))));
  if (demand.kind === 'series')
    list.push(
      make('scale', 'times', demand.scale, { max: 1000, sliderMax: 5, step: 0.05 }, (scale) =>
        put({ ...demand, scale }),
      ),
    );
  if (demand.kind !== 'constant' && demand.kind !== 'series') {
    const atS = eventTime(scenario);
    const most = Math.floor(durationS / minute);
    list.push(
      make(
        'opensAt',
        'min',
        atS / minute,
        { max: most, sliderMax: most },
        (value) => {
          const byS = value * minute - atS;
          return moveEvent(put(moveDemand(demand, byS)), byS);
        },
        true,
      ),
    );
  }
  if (demand.kind === 'spike' || demand.kind === 'flashSale') {
    list.push(
      make(
        'hold',
        'min',
        demand.holdS / minute,
        { ...minutes(60), step: 0.5 },
        (v) => put({ ...demand, holdS: v * minute }),
        true,
      ),
      make(
        'decay',
        'min',
        demand.decayS / minute,
        minutes(120),
        (v) => put({ ...demand, decayS: v * minute }),
        true,
      ),
    );
  }
  if (demand.kind === 'flashSale') {
    const { secondWave } = demand;
    const wave = secondWave ?? { afterS: 3600, extraRps: 0, riseS: 120, decayS: 900 };
    list.push(
      make('preRush', 'rps', demand.preRushRps, rates(top), (v) => put({ ...demand, preRushRps: v }), true),
      make(
        'preRushTime',
        'min',
        demand.preRushS / minute,
        minutes(60),
        (v) => put({ ...demand, preRushS: v * minute }),
        true,
      ),
      make('tail', 'rps', demand.tailRps, rates(top), (v) => put({ ...demand, tailRps: v }), true),
      make(
        'secondWave',
        'rps',
        wave.extraRps,
        rates(top),
        (v) => put({ ...demand, secondWave: v === 0 ? null : { ...wave, extraRps: v } }),
        true,
      ),
    );
    if (secondWave !== null)
      list.push(
        make(
          'secondWaveAfter',
          'min',
          secondWave.afterS / minute,
          minutes(180),
          (v) => put({ ...demand, secondWave: { ...secondWave, afterS: v * minute } }),
          true,
        ),
      );
  }
  list.push(
    make(
      'retries',
      'percent',
      scenario.clients.retryShare * 100,
      { max: 100, sliderMax: 100 },
      (v) => ({
        ...scenario,
        clients: { ...scenario.clients, retryShare: v / 100 },
      }),
      true,
    ),
    make(
      'length',
      'h',
      durationS / 3600,
      { min: 0.25, max: hoursMax, sliderMax: 24, step: 0.25 },
      (v) => changeLength(scenario, v * 3600),
      true,
    ),
  );
  return list;
}

/** Returns the top of a slider for a value: room for twice as much. */
function niceTop(value: number): number {
  const steps = [1, 2, 5, 10];
  const wanted = Math.max(100, value * 2);
  const decade = 10 ** Math.floor(Math.log10(wanted));
  return (steps.find((step) => step * decade >= wanted) ?? 10) * decade;
}

/** Returns the peak that a demand states; null = it follows from a series. */
function peakValue(demand: Demand): number | null {
  switch (demand.kind) {
    case 'constant':
      return demand.rps;
    case 'ramp':
      return demand.toRps;
    case 'spike':
    case 'flashSale':
      return demand.peakRps;
    case 'series':
      return null;
  }
}

/** Returns the largest peak that a demand can have: a series is multiplied by 1,000 at most. */
function peakMost(demand: Demand, peak: number): number {
  if (demand.kind !== 'series') return rpsMax;
  return demand.scale > 0 ? Math.floor((peak / demand.scale) * 1000) : 0;
}

function changePeak(demand: Demand, value: number, before: number): Demand {
  switch (demand.kind) {
    case 'constant':
      return { ...demand, rps: value };
    case 'ramp':
      return { ...demand, toRps: value };
    case 'spike':
    case 'flashSale':
      return { ...demand, peakRps: value };
    case 'series':
      return before > 0 ? scaleDemand(demand, value / before) : demand;
  }
}

function changeRise(demand: Demand, riseS: number): Demand {
  if (demand.kind === 'ramp') return { ...demand, endS: demand.startS + riseS };
  return demand.kind === 'spike' || demand.kind === 'flashSale' ? { ...demand, riseS } : demand;
}

function changeBase(demand: Demand, value: number): Demand {
  if (demand.kind === 'ramp') return { ...demand, fromRps: value };
  return demand.kind === 'spike' || demand.kind === 'flashSale' ? { ...demand, baseRps: value } : demand;
}

function moveDemand(demand: Demand, byS: number): Demand {
  if (demand.kind === 'ramp') return { ...demand, startS: demand.startS + byS, endS: demand.endS + byS };
  if (demand.kind === 'spike') return { ...demand, atS: demand.atS + byS };
  return demand.kind === 'flashSale' ? { ...demand, opensAtS: demand.opensAtS + byS } : demand;
}

/** Changes the length of a scenario. Its steps stay at 10 s where the model accepts as many. */
function changeLength(scenario: CapacityScenario, durationS: number): CapacityScenario {
  const least = Math.ceil(durationS / scenarioStepsMax);
  return { ...scenario, durationS, stepS: Math.max(10, least) };
}

function listFunction(scenario: CapacityScenario, index: number): readonly Control[] {
  const make = createMaker('function');
  const fn = scenario.functions[index];
  const region = scenario.regions.find((each) => each.region === fn?.region);
  if (fn === undefined || region === undefined) return [];
  const put = (change: Partial<ScenarioFunction>): CapacityScenario => ({
    ...scenario,
    functions: scenario.functions.map((each, at) => (at === index ? { ...each, ...change } : each)),
  });
  const putRegion = (change: Partial<ScenarioRegion>): CapacityScenario => ({
    ...scenario,
    regions: scenario.regions.map((each) => (each === region ? { ...each, ...change } : each)),
  });
  const atS = eventTime(scenario);
  const [first, ...rest] = fn.provisioned;
  const quota = fn.reservedMb ?? region.quotaMb;
  const instancesTop = niceTop(Math.max(first?.instances ?? 0, quota / fn.memoryMb) / 2);
  const { duration } = fn;
  const mean =
    duration.kind === 'lognormal' ? duration.meanMs : duration.kind === 'fixed' ? duration.ms : null;
  const list: Control[] = [
    make(
      'provisioned',
      'instances',
      first?.instances ?? 0,
      { max: 100_000, sliderMax: instancesTop, step: 10 },
      (instances) =>
        put({ provisioned: [{ atS: first?.atS ?? Math.max(-86_400, atS - 900), instances }, ...rest] }),
    ),
  ];
  if (first !== undefined)
    list.push(
      make(
        'prewarmLead',
        'min',
        (atS - first.atS) / minute,
        { min: earliest(atS, rest[0]?.atS), max: (atS + 86_400) / minute, sliderMax: 120 },
        (value) => put({ provisioned: [{ ...first, atS: atS - value * minute }, ...rest] }),
      ),
    );
  list.push(
    make(
      'memory',
      'MB',
      fn.memoryMb,
      {
        min: 64,
        max: Math.max(functionMemoryMaxMb, fn.memoryMb),
        sliderMax: functionMemoryMaxMb,
        step: 64,
      },
      (memoryMb) => put({ memoryMb }),
    ),
  );
  if (mean !== null) {
    const ratio = duration.kind === 'lognormal' ? duration.p95Ms / duration.meanMs : 1;
    list.push(
      make('duration', 'ms', mean, { min: 1, max: 900_000 / ratio, sliderMax: niceTop(mean) }, (meanMs) =>
        put({ duration: { kind: 'lognormal', meanMs, p95Ms: meanMs * ratio } }),
      ),
      make(
        'durationP95',
        'ms',
        mean * ratio,
        { min: mean, max: mean * p95ToMeanMost, sliderMax: mean * p95ToMeanMost },
        (p95Ms) =>
          put({
            duration: { kind: 'lognormal', meanMs: mean, p95Ms: clamp(p95Ms, mean, mean * p95ToMeanMost) },
          }),
        true,
      ),
    );
  }
  list.push(
    make('quota', 'GB', quota / 1000, { max: 1_000_000, sliderMax: niceTop(quota / 1000), step: 1 }, (gb) =>
      fn.reservedMb === null
        ? putRegion({ quotaMb: gb * 1000 })
        : put({ reservedMb: Math.min(100_000_000, gb * 1000) }),
    ),
    make(
      'otherUse',
      'GB',
      region.otherMb / 1000,
      { max: 1_000_000, sliderMax: Math.max(16, region.quotaMb / 1000) },
      (gb) => putRegion({ otherMb: gb * 1000 }),
      true,
    ),
    make(
      'timeout',
      's',
      fn.timeoutS,
      { min: 1, max: 900, sliderMax: 60 },
      (timeoutS) => put({ timeoutS }),
      true,
    ),
  );
  return list;
}

/** The ratio of the 95th percentile to the mean that the model accepts, slightly less than `DurationSpec` allows. */
const p95ToMeanMost = 3.8;

/** Returns the least lead, in minutes, with which the prewarm is still before what follows it. */
function earliest(atS: number, nextS: number | undefined): number {
  return nextS === undefined ? -1440 : (atS - nextS) / minute + 0.1;
}

function listOthers(scenario: CapacityScenario): readonly Control[] {
  const { cvm, clients, traffic, goals } = scenario;
  const servers = createMaker('servers');
  const balancer = createMaker('balancer');
  const dns = createMaker('dns');
  const goal = createMaker('goals');
  const { each } = cvm;
  const rate = each.kind === 'rate' ? each.rps : (each.workers * 1000) / each.latencyMs;
  const atS = eventTime(scenario);
  const first = traffic.changes[0];
  const last = traffic.changes.at(-1);
  const list: Control[] = [
    servers(
      'servers',
      'servers',
      cvm.servers,
      { max: 10_000, sliderMax: Math.max(20, cvm.servers * 2) },
      (count) => ({
        ...scenario,
        cvm: { ...cvm, servers: count },
      }),
    ),
    servers(
      'serverRate',
      'rps',
      Math.round(rate),
      { min: 1, max: 1_000_000, sliderMax: niceTop(rate), step: 10 },
      (rps) => ({
        ...scenario,
        cvm: { ...cvm, each: { kind: 'rate', rps, latencyMs: each.latencyMs } },
      }),
    ),
    servers(
      'serverLatency',
      'ms',
      each.latencyMs,
      { min: 1, max: 900_000, sliderMax: niceTop(each.latencyMs) },
      (latencyMs) => ({
        ...scenario,
        cvm: { ...cvm, each: { ...each, latencyMs } },
      }),
    ),
    balancer('responseKb', 'KB', clients.responseKb, { max: 1_000_000, sliderMax: 256 }, (responseKb) => ({
      ...scenario,
      clients: { ...clients, responseKb },
    })),
    balancer(
      'connectionS',
      's',
      clients.connectionS,
      { max: 3600, sliderMax: 120 },
      (connectionS) => ({
        ...scenario,
        clients: { ...clients, connectionS },
      }),
      true,
    ),
    dns('ttl', 's', traffic.ttlS, { max: 604_800, sliderMax: 600 }, (ttlS) => ({
      ...scenario,
      traffic: { ...traffic, ttlS },
    })),
  ];
  if (first !== undefined)
    list.push(
      dns(
        'divertLead',
        'min',
        (atS - first.atS) / minute,
        { min: -1440, max: (atS + 86_400) / minute, sliderMax: 30, step: 0.5 },
        (value) => {
          const byS = atS - value * minute - first.atS;
          const changes = traffic.changes.map((change) => ({ ...change, atS: change.atS + byS }));
          return { ...scenario, traffic: { ...traffic, changes } };
        },
      ),
    );
  if (first !== undefined && first === last)
    list.push(
      dns('share', 'percent', first.functionShare * 100, { max: 100, sliderMax: 100 }, (value) => ({
        ...scenario,
        traffic: { ...traffic, changes: [{ ...first, functionShare: value / 100 }] },
      })),
    );
  list.push(
    goal(
      'refusedGoal',
      'percent',
      goals.refusedShare * 100,
      { max: 100, sliderMax: 5, step: 0.1 },
      (value) => ({
        ...scenario,
        goals: { ...goals, refusedShare: value / 100 },
      }),
    ),
    goal(
      'minuteRefusedGoal',
      'percent',
      goals.minuteRefusedShare * 100,
      { max: 100, sliderMax: 20, step: 0.1 },
      (value) => ({
        ...scenario,
        goals: { ...goals, minuteRefusedShare: value / 100 },
      }),
    ),
    goal(
      'waitGoal',
      'ms',
      goals.waitP95Ms,
      { min: 1, max: 900_000, sliderMax: 5000, step: 50 },
      (waitP95Ms) => ({
        ...scenario,
        goals: { ...goals, waitP95Ms },
      }),
    ),
  );
  return list;
}
