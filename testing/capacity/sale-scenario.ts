import { CapacityScenario, type CapacityScenarioInput } from '@/lib/capacity/scenario/scenario';

const balancer = { region: 'ap-singapore', spec: 'clb.c3.medium' };

type FunctionInput = CapacityScenarioInput['functions'][number];

/** The function of the sale; it has 1,950 warm instances. */
export function eventFunction(change: Partial<FunctionInput> = {}): FunctionInput {
  return {
    name: 'sale',
    region: 'ap-singapore',
    memoryMb: 512,
    duration: { kind: 'lognormal', meanMs: 180, p95Ms: 320 },
    provisioned: [{ atS: 0, instances: 1950 }],
    ...change,
  };
}

/** A flash sale of 2.5 hours that moves from six servers to a function at its opening, after half an hour. */
export function saleScenario(change: Partial<CapacityScenarioInput> = {}): CapacityScenario {
  return CapacityScenario.parse({
    name: '12.12 sale',
    durationS: 9000,
    demand: {
      kind: 'flashSale',
      baseRps: 650,
      preRushRps: 1900,
      preRushS: 1500,
      opensAtS: 1800,
      peakRps: 9000,
      riseS: 240,
      holdS: 30,
      decayS: 2500,
      tailRps: 3000,
    },
    traffic: { ttlS: 60, changes: [{ atS: 1600, functionShare: 1 }] },
    cvm: { servers: 6, each: { kind: 'rate', rps: 350, latencyMs: 120 } },
    functions: [eventFunction()],
    regions: [{ region: 'ap-singapore', quotaMb: 2580 * 512 }],
    balancers: { cvm: { name: 'lb-web', ...balancer }, function: { name: 'lb-sale', ...balancer } },
    ...change,
  });
}
