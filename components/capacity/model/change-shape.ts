import { type Demand, peakDemand } from '@/lib/capacity/demand/demand';
import { type CapacityScenario, countScenarioSteps } from '@/lib/capacity/scenario/scenario';
import { eventTime, moveEvent } from './event-time';

export const demandShapes = ['flashSale', 'spike', 'ramp', 'constant'] as const;
export type DemandShape = (typeof demandShapes)[number];

/** Returns the demand before the event. */
export function baseDemand(demand: Demand): number {
  switch (demand.kind) {
    case 'constant':
      return demand.rps;
    case 'ramp':
      return demand.fromRps;
    case 'spike':
    case 'flashSale':
      return demand.baseRps;
    case 'series':
      return (demand.rps[0] ?? 0) * demand.scale;
  }
}

/** Returns the time from the event to the peak, in seconds; null = the shape has none. */
export function riseTime(demand: Demand): number | null {
  switch (demand.kind) {
    case 'ramp':
      return demand.endS - demand.startS;
    case 'spike':
    case 'flashSale':
      return demand.riseS;
    default:
      return null;
  }
}

/** Changes the shape of a demand; its base, peak, time and rise stay. */
export function changeShape(scenario: CapacityScenario, shape: DemandShape): CapacityScenario {
  const { demand, durationS, stepS } = scenario;
  if (demand.kind === shape) return scenario;
  const atS = eventTime(scenario);
  const peakRps = Math.round(peakDemand(demand, countScenarioSteps(scenario), stepS));
  const baseRps = Math.min(
    peakRps,
    Math.round(demand.kind === 'constant' ? peakRps / 10 : baseDemand(demand)),
  );
  const riseS = riseTime(demand) ?? 240;
  const next: CapacityScenario = {
    ...scenario,
    demand: shapeDemand(shape, { atS, baseRps, peakRps, riseS, durationS }),
  };
  // Leads count from the event.
  return moveEvent(next, eventTime(next) - atS);
}

type Shaped = {
  readonly atS: number;
  readonly baseRps: number;
  readonly peakRps: number;
  readonly riseS: number;
  readonly durationS: number;
};

function shapeDemand(shape: DemandShape, { atS, baseRps, peakRps, riseS, durationS }: Shaped): Demand {
  const decayS = Math.round(durationS / 4);
  switch (shape) {
    case 'constant':
      return { kind: 'constant', rps: peakRps };
    case 'ramp':
      return { kind: 'ramp', fromRps: baseRps, toRps: peakRps, startS: atS, endS: atS + riseS };
    case 'spike':
      return { kind: 'spike', baseRps, peakRps, atS, riseS, holdS: 60, decayS };
    case 'flashSale':
      return {
        kind: 'flashSale',
        baseRps,
        preRushRps: Math.round(baseRps + (peakRps - baseRps) / 6),
        preRushS: 1500,
        opensAtS: atS,
        peakRps,
        riseS,
        holdS: 60,
        decayS,
        tailRps: Math.round(baseRps + (peakRps - baseRps) / 5),
        secondWave: null,
      };
  }
}
