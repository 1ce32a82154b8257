import type { Scenario } from './cloud/scenario';

function without<T>(items: readonly T[], index: number): readonly T[] {
  return items.filter((_, i) => i !== index);
}

/** Returns scenarios that are simpler than this one by one element. */
function simpler(scenario: Scenario): readonly Scenario[] {
  const { faults, triggers, outages, stops, gates, decisions } = scenario;
  return [
    ...triggers.map((_, i) => ({ ...scenario, triggers: without(triggers, i) })),
    ...outages.map((_, i) => ({ ...scenario, outages: without(outages, i) })),
    ...stops.map((_, i) => ({ ...scenario, stops: without(stops, i) })),
    ...gates.map((_, i) => ({ ...scenario, gates: without(gates, i) })),
    ...faults.map((_, i) => ({ ...scenario, faults: without(faults, i) })),
    ...decisions.map((_, i) => ({ ...scenario, decisions: without(decisions, i) })),
    ...(scenario.clockwork === null ? [] : [{ ...scenario, clockwork: null }]),
    ...(scenario.keepAliveS === 0 ? [] : [{ ...scenario, keepAliveS: 0 }]),
    ...(scenario.decidesAfterS === 1 ? [] : [{ ...scenario, decidesAfterS: 1 }]),
    ...(scenario.rollbackStepsDone ? [{ ...scenario, rollbackStepsDone: false }] : []),
  ];
}

/**
 * Removes one element after the other from a scenario as long as it still fails; its seed, and therefore its estate,
 * stays.
 */
export async function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  for (const candidate of simpler(scenario)) {
    if (await fails(candidate)) return shrink(candidate, fails);
  }
  return scenario;
}
