import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';

/** Returns a scenario in which all requests stay on the servers, without instances that are kept ready. */
export function cvmOnly(scenario: CapacityScenario): CapacityScenario {
  return {
    ...scenario,
    traffic: { ...scenario.traffic, functionShare: 0, changes: [] },
    functions: scenario.functions.map((fn) => ({ ...fn, provisioned: [] })),
  };
}
