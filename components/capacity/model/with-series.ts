import { type Demand, eventMaxS } from '@/lib/capacity/demand/demand';
import { type CapacityScenario, scenarioStepsMax } from '@/lib/capacity/scenario/scenario';
import { eventTime } from './event-time';

type Series = Demand & { readonly kind: 'series' };

/** The earliest time that a demand may have. */
const earliestS = -86_400;

/** Returns a scenario that is as long as its series at least, with as many steps and as long as the model accepts. */
function lengthen(scenario: CapacityScenario, demand: Series, leastS: number): CapacityScenario {
  const endS = demand.startS + demand.rps.length * demand.intervalS;
  const durationS = Math.min(eventMaxS, Math.max(leastS, endS));
  const stepS = Math.max(scenario.stepS, Math.ceil(durationS / scenarioStepsMax));
  return { ...scenario, demand, durationS, stepS };
}

/**
 * Replaces the demand by a series. The scenario starts with it and becomes as long; the event stays at the same time after
 * the start.
 * @param firstAt the instant of the first point (ISO); null = unknown
 */
export function startWithSeries(
  scenario: CapacityScenario,
  demand: Series,
  firstAt: string | null,
): CapacityScenario {
  return {
    ...lengthen(scenario, demand, 0),
    durationS: Math.min(eventMaxS, Math.max(eventTime(scenario) + 60, demand.rps.length * demand.intervalS)),
    startsAt: firstAt === null ? scenario.startsAt : new Date(firstAt).toISOString(),
  };
}

/**
 * Replaces the demand by a series whose highest point comes when the event was, so that prewarm and divert keep their leads,
 * and a scheduled event its times. Points of more than a day before the start are cut.
 */
export function alignSeries(scenario: CapacityScenario, demand: Series): CapacityScenario {
  const byS = eventTime(scenario) - eventTime({ demand, durationS: scenario.durationS });
  const startS = demand.startS + byS;
  const cut = Math.max(0, Math.ceil((earliestS - startS) / demand.intervalS));
  const rps = demand.rps.slice(Math.min(cut, demand.rps.length - 1));
  return lengthen(scenario, { ...demand, rps, startS: startS + cut * demand.intervalS }, scenario.durationS);
}
