import type { Demand } from '@/lib/capacity/demand/demand';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';

/** A constant demand has no event: leads count from this part of the scenario. */
const constantPart = 0.2;

/**
 * Returns the time that leads of a scenario count from, in seconds: the opening of a sale, the beginning of a ramp or a
 * spike, the highest point of a series, and a fifth of the scenario if the demand is constant.
 */
export function eventTime({
  demand,
  durationS,
}: {
  readonly demand: Demand;
  readonly durationS: number;
}): number {
  switch (demand.kind) {
    case 'constant':
      return Math.round(durationS * constantPart);
    case 'ramp':
      return demand.startS;
    case 'spike':
      return demand.atS;
    case 'flashSale':
      return demand.opensAtS;
    case 'series':
      return demand.startS + demand.rps.indexOf(Math.max(...demand.rps)) * demand.intervalS;
  }
}

/** Moves all times of a scenario that follow its event, so that leads stay. */
export function moveEvent(scenario: CapacityScenario, byS: number): CapacityScenario {
  const move = <T extends { readonly atS: number }>(list: readonly T[]) =>
    list.map((item) => ({ ...item, atS: item.atS + byS }));
  return {
    ...scenario,
    traffic: { ...scenario.traffic, changes: move(scenario.traffic.changes) },
    functions: scenario.functions.map((fn) => ({ ...fn, provisioned: move(fn.provisioned) })),
  };
}
