import fc from 'fast-check';
import { CapacityScenario, type CapacityScenarioInput } from '@/lib/capacity/scenario/scenario';

const rps = fc.double({ min: 0, max: 20_000, noNaN: true });
const seconds = (max: number) => fc.integer({ min: 0, max });
const share = fc.double({ min: 0, max: 1, noNaN: true });

const anyDemand: fc.Arbitrary<CapacityScenarioInput['demand']> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), rps }),
  fc.record({
    kind: fc.constant('spike' as const),
    baseRps: rps,
    peakRps: rps,
    atS: seconds(2000),
    riseS: fc.constantFrom(0, 5, 60, 300),
    holdS: seconds(600),
    decayS: seconds(600),
  }),
  fc.record({
    kind: fc.constant('series' as const),
    startS: seconds(600),
    intervalS: fc.constantFrom(1, 60, 300),
    rps: fc.array(rps, { minLength: 1, maxLength: 20 }),
  }),
);

const anyDuration: fc.Arbitrary<CapacityScenarioInput['functions'][number]['duration']> = fc.oneof(
  fc.record({ kind: fc.constant('fixed' as const), ms: fc.integer({ min: 1, max: 5000 }) }),
  fc
    .record({ meanMs: fc.integer({ min: 1, max: 5000 }), by: fc.double({ min: 1, max: 3.8, noNaN: true }) })
    .map(({ meanMs, by }) => ({ kind: 'lognormal' as const, meanMs, p95Ms: meanMs * by })),
);

const regions = ['ap-singapore', 'ap-tokyo'];

const anyFunction = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  region: fc.constantFrom(...regions),
  memoryMb: fc.constantFrom(64, 128, 512, 1024),
  duration: anyDuration,
  timeoutS: fc.constantFrom(1, 3, 60),
  reservedMb: fc.option(fc.integer({ min: 0, max: 500_000 })),
  provisioned: fc
    .option(fc.record({ atS: fc.integer({ min: -600, max: 1500 }), instances: fc.nat(3000) }))
    .map((each) => (each === null ? [] : [each])),
  errorShare: fc.constantFrom(0, 0.01),
});

const anyBalancer = fc.record({
  name: fc.constant('lb'),
  region: fc.constantFrom(...regions),
  spec: fc.constantFrom('', 'clb.c2.medium', 'clb.c4.xlarge', 'clb.c1.small'),
  bandwidthMbps: fc.option(fc.integer({ min: 1, max: 5000 })),
  rules: fc.nat(40),
});

/** Any scenario of half an hour. */
export const anyScenario: fc.Arbitrary<CapacityScenario> = fc
  .record({
    durationS: fc.constant(1800),
    stepS: fc.constantFrom(1, 10, 60),
    demand: anyDemand,
    clients: fc.record({
      responseKb: fc.constantFrom(0, 4, 32, 500),
      requestsPerConnection: fc.constantFrom(1, 5, 100),
      connectionS: fc.constantFrom(0, 30, 75),
      retryShare: fc.constantFrom(0, 0.3),
    }),
    traffic: fc.record({
      how: fc.constantFrom('dns' as const, 'rule' as const),
      ttlS: fc.constantFrom(0, 1, 60, 600),
      functionShare: share,
      changes: fc.uniqueArray(fc.record({ atS: seconds(1800), functionShare: share }), {
        maxLength: 4,
        selector: ({ atS }) => atS,
      }),
    }),
    cvm: fc.record({
      servers: fc.nat(20),
      each: fc.record({
        kind: fc.constant('workers' as const),
        workers: fc.integer({ min: 1, max: 200 }),
        latencyMs: fc.integer({ min: 1, max: 2000 }),
      }),
      variation: fc.constantFrom(0, 0.5, 1, 2),
      timeoutS: fc.constantFrom(1, 60),
      errorShare: fc.constantFrom(0, 0.02),
    }),
    functions: fc.array(anyFunction, { minLength: 1, maxLength: 3 }),
    quotas: fc.tuple(fc.nat(1_000_000), fc.nat(1_000_000)),
    balancers: fc.record({ cvm: anyBalancer, function: fc.option(anyBalancer) }),
    assumptions: fc.record({
      'cvm.timedOut': fc.constantFrom('dropped' as const, 'done' as const),
      'cvm.queuePerServer': fc.constantFrom(0, 10, 511),
      'function.burstWindow': fc.constantFrom('sliding' as const, 'even' as const),
      'function.warmUpPace': fc.constantFrom('version' as const, 'region' as const),
      'clb.sharedBeyond': fc.constantFrom('dropped' as const, 'served' as const),
    }),
  })
  .map(({ quotas, traffic, ...rest }) =>
    CapacityScenario.parse({
      ...rest,
      traffic: { ...traffic, changes: traffic.changes.toSorted((a, b) => a.atS - b.atS) },
      regions: regions.map((region, index) => ({ region, quotaMb: quotas[index] ?? 0 })),
    }),
  );
