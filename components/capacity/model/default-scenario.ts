import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { scfQuotaDefaultMb } from '@/lib/estate/facts/limits';

const region = 'ap-singapore';

/**
 * The scenario that the page opens with: a sale of 2.5 hours that moves from two servers to a function before it opens,
 * within the quota that each account has. Its numbers are examples.
 */
export const defaultScenario: CapacityScenario = CapacityScenario.parse({
  durationS: 9000,
  demand: {
    kind: 'flashSale',
    baseRps: 150,
    preRushRps: 450,
    preRushS: 1500,
    opensAtS: 1800,
    peakRps: 2000,
    riseS: 240,
    holdS: 60,
    decayS: 2500,
    tailRps: 500,
  },
  traffic: { ttlS: 60, changes: [{ atS: 1500, functionShare: 1 }] },
  cvm: { servers: 2, each: { kind: 'rate', rps: 350, latencyMs: 120 } },
  functions: [
    {
      name: 'function',
      region,
      memoryMb: 128,
      duration: { kind: 'lognormal', meanMs: 180, p95Ms: 320 },
      provisioned: [{ atS: 900, instances: 400 }],
    },
  ],
  regions: [{ region, quotaMb: scfQuotaDefaultMb(region) }],
  balancers: { cvm: { name: 'load balancer', region, spec: 'clb.c3.small' } },
});
