import { z } from 'zod';
import { Demand, eventMaxS } from '@/lib/capacity/demand/demand';
import { DurationSpec } from '@/lib/capacity/queueing/service-time';
import { burstPerMinute, provisionedPerMinute, readTimeoutDefaultS } from '@/lib/estate/facts/limits';
import { CapacityAssumptions } from './assumptions';

/** The maximum of steps of a scenario: a week at 10 s, and some. */
export const scenarioStepsMax = 65_000;

const share = z.number().min(0).max(1);
const atS = z.number().min(-86_400).max(eventMaxS);
const name = z.string().min(1).max(200);

/** The behaviour of those who send requests. */
const Clients = z.strictObject({
  /** A response and a request with their headers, in KB (2¹⁰ bytes). */
  responseKb: z.number().min(0).max(1_000_000).default(32),
  requestKb: z.number().min(0).max(1_000_000).default(2),
  requestsPerConnection: z.number().min(1).max(10_000).default(5),
  /** The mean life of a connection, with the time that it is kept open unused. */
  connectionS: z.number().min(0).max(3600).default(30),
  /** The share of refused requests that are sent again, one step later. */
  retryShare: share.default(0),
});

/** The way in which requests move from the servers to the function. */
const Traffic = z.strictObject({
  /** `dns` = as answers expire; `rule` = the rule's servers are replaced in place, with a gap. */
  how: z.enum(['dns', 'rule']).default('dns'),
  /** The TTL of the answers that clients have when a change is made. */
  ttlS: z.number().min(0).max(604_800).default(60),
  /** The share of the function before the first change. */
  functionShare: share.default(0),
  /** Ascending. A ramp has several; a rollback is a change to 0. */
  changes: z
    .array(z.strictObject({ atS, functionShare: share }))
    .max(200)
    .default([]),
});

/** The servers of the CVM side, which share one queue (requests go to the least loaded one). */
const CvmSide = z.strictObject({
  servers: z.number().int().min(0).max(10_000),
  each: z.discriminatedUnion('kind', [
    /** Measured: requests per second that one server serves at most, and their duration without a wait. */
    z.strictObject({
      kind: z.literal('rate'),
      rps: z.number().positive().max(1_000_000),
      latencyMs: z.number().positive().max(900_000),
    }),
    /** Given: requests that one server works on at once. */
    z.strictObject({
      kind: z.literal('workers'),
      workers: z.number().int().min(1).max(100_000),
      latencyMs: z.number().positive().max(900_000),
    }),
  ]),
  /** The coefficient of variation of the duration: 1 = exponential, 0 = fixed. */
  variation: z.number().min(0).max(20).default(1),
  /** The time after which the load balancer gives up. */
  timeoutS: z.number().positive().max(3600).default(readTimeoutDefaultS),
  /** The share of served requests that the application answers with 5xx. */
  errorShare: share.default(0),
});

/** A function, or one of several that share the function side. */
const FunctionSide = z.strictObject({
  name,
  region: name,
  /** Its part of the function side, relative to the others. */
  weight: z.number().positive().max(1000).default(1),
  memoryMb: z.number().int().min(64).max(32_768),
  duration: DurationSpec,
  timeoutS: z.number().positive().max(900).default(3),
  /** The time that an instance may take to start (`InitTimeout`): https://cloud.tencent.com/document/api/583/18586. */
  initTimeoutS: z.number().min(3).max(300).default(65),
  /** The memory that is guaranteed to it, and its limit; null = it shares the rest of its region's quota. */
  reservedMb: z.number().min(0).max(100_000_000).nullable().default(null),
  /** Ascending: from `atS` on, so many instances are wanted. The first is the prewarm; it may be before the start. */
  provisioned: z
    .array(z.strictObject({ atS, instances: z.number().int().min(0).max(100_000) }))
    .max(50)
    .default([]),
  /** The share of executed requests that fail (5xx). */
  errorShare: share.default(0),
});

/** A region's limits for functions. */
const Region = z.strictObject({
  region: name,
  quotaMb: z.number().min(0).max(1_000_000_000),
  /** Of the quota: reserved by, or in use by functions that are not in the scenario. */
  otherMb: z.number().min(0).max(1_000_000_000).default(0),
  burstPerMinute: z.number().min(0).max(1_000_000).default(burstPerMinute),
  provisionedPerMinute: z.number().positive().max(1_000_000).default(provisionedPerMinute),
});

/** A load balancer. */
const Balancer = z.strictObject({
  name,
  region: name,
  /** `''` = shared; otherwise a specification of `clbSpecLimits`. */
  spec: z.string().max(40),
  /** The bandwidth that its owner set, in Mbps; null = as much as the specification has. */
  bandwidthMbps: z.number().positive().max(1_000_000).nullable().default(null),
  rules: z.number().int().min(0).max(10_000).default(1),
  isPublic: z.boolean().default(true),
});

/** The limits that an event is to keep. */
const Goals = z.strictObject({
  /** The share of all requests that may be refused, of the whole event. */
  refusedShare: share.default(0.001),
  /** The share of the requests of any minute that may be refused: a rush is short. */
  minuteRefusedShare: share.default(0.01),
  /** The wait that 95 % of the requests of any minute don't exceed, in ms. */
  waitP95Ms: z.number().positive().max(900_000).default(500),
});

const ascending = (list: readonly { readonly atS: number }[]) =>
  list.every((item, index) => (list[index - 1]?.atS ?? -Infinity) < item.atS);

/**
 * An event to simulate: plain data that can be stored and shared in a link. It has no version number: data of another
 * shape is refused, with the field.
 */
export const CapacityScenario = z
  .strictObject({
    name: z.string().max(200).default(''),
    /** The instant of second 0, for the axis; null = none. */
    startsAt: z.iso.datetime().nullable().default(null),
    durationS: z.number().positive().max(eventMaxS),
    /** All steps are as long: the last one may go beyond the end. */
    stepS: z.number().min(1).max(3600).default(10),
    demand: Demand,
    clients: Clients.prefault({}),
    traffic: Traffic.prefault({}),
    cvm: CvmSide,
    functions: z.array(FunctionSide).min(1).max(20),
    regions: z.array(Region).min(1).max(20),
    /** `function` = null: both sides are behind the load balancer of the servers. */
    balancers: z.strictObject({ cvm: Balancer, function: Balancer.nullable().default(null) }),
    /** The prices of the account, in its currency; those that are not given are list prices, in US$. */
    prices: z
      .strictObject({
        currency: z.string().length(3).default('USD'),
        call: z.number().min(0).optional(),
        gbSecond: z.number().min(0).optional(),
        idleGbSecond: z.number().min(0).optional(),
        lcuHour: z.number().min(0).optional(),
        trafficGb: z.number().min(0).optional(),
      })
      .prefault({}),
    goals: Goals.prefault({}),
    assumptions: CapacityAssumptions.prefault({}),
  })
  .superRefine((scenario, context) => {
    const refuse = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (scenario.durationS / scenario.stepS > scenarioStepsMax)
      refuse(['stepS'], `durationS ÷ stepS must be at most ${scenarioStepsMax}. Use a longer step.`);
    if (scenario.stepS > scenario.durationS) refuse(['stepS'], 'stepS must be at most durationS.');
    if (!ascending(scenario.traffic.changes)) refuse(['traffic', 'changes'], 'changes must ascend in atS.');
    for (const [index, fn] of scenario.functions.entries()) {
      if (!ascending(fn.provisioned)) refuse(['functions', index, 'provisioned'], 'Must ascend in atS.');
      if (!scenario.regions.some(({ region }) => region === fn.region))
        refuse(['functions', index, 'region'], `Add ${fn.region} to regions.`);
    }
  });
export type CapacityScenario = z.infer<typeof CapacityScenario>;
/** A scenario before defaults are filled in. */
export type CapacityScenarioInput = z.input<typeof CapacityScenario>;

export type ScenarioClients = CapacityScenario['clients'];
export type ScenarioTraffic = CapacityScenario['traffic'];
export type ScenarioCvm = CapacityScenario['cvm'];
export type ScenarioFunction = CapacityScenario['functions'][number];
export type ScenarioRegion = CapacityScenario['regions'][number];
export type ScenarioBalancer = CapacityScenario['balancers']['cvm'];

/** Returns the number of steps of a scenario. */
export function countScenarioSteps({
  durationS,
  stepS,
}: Pick<CapacityScenario, 'durationS' | 'stepS'>): number {
  return Math.ceil(durationS / stepS);
}
