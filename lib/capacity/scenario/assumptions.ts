import { z } from 'zod';

/**
 * The assumptions of the capacity model: what no document of the cloud says. A scenario can set each. `low` to `high`
 * is the range for which the sensitivity is computed.
 */
type Range = {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly low: number;
  readonly high: number;
};

function amount(about: string, value: number, range: Range) {
  const { min, max } = range;
  return {
    kind: 'amount' as const,
    about,
    value,
    ...range,
    schema: z.number().min(min).max(max).default(value),
  };
}

function choice<const T extends string>(about: string, value: NoInfer<T>, choices: readonly T[]) {
  return { kind: 'choice' as const, about, value, choices, schema: z.enum(choices) };
}

const function_ = {
  'function.coldStartMs': amount('Time to start an instance: the first request on it waits as long', 420, {
    unit: 'ms',
    min: 0,
    max: 60_000,
    low: 100,
    high: 2000,
  }),
  'function.idleS': amount('Time that an idle instance is kept, unless it is provisioned', 60, {
    unit: 's',
    min: 1,
    max: 86_400,
    low: 30,
    high: 600,
  }),
  'function.burstWindow': choice(
    'Limit of new instances per minute: within any 60 s, so that all may start at once, or spread evenly',
    'sliding',
    ['sliding', 'even'],
  ),
  'function.warmUpPace': choice(
    'Pace at which provisioned instances start: for each version, or shared by all functions of the region',
    'version',
    ['version', 'region'],
  ),
  'function.coldStartBilled': choice('Billing of the time that an instance starts', 'billed', [
    'billed',
    'free',
  ]),
};

const others = {
  'cvm.queuePerServer': amount(
    'Requests that wait at a server before it refuses more (its listen backlog)',
    511,
    {
      unit: 'requests',
      min: 0,
      max: 100_000,
      low: 128,
      high: 4096,
    },
  ),
  'cvm.timedOut': choice(
    'Work of a request that timed out while it waited: the server drops it, or does it in vain',
    'dropped',
    ['dropped', 'done'],
  ),
  'clb.sharedBeyond': choice('Requests beyond what a shared load balancer is guaranteed', 'dropped', [
    'dropped',
    'served',
  ]),
  'dns.overstayShare': amount('Share of clients whose resolver keeps answers longer than their TTL', 0.05, {
    unit: '',
    min: 0,
    max: 1,
    low: 0,
    high: 0.2,
  }),
  'dns.overstayFactor': amount('Time that these keep an answer, as a multiple of its TTL', 5, {
    unit: '× TTL',
    min: 1,
    max: 1000,
    low: 2,
    high: 20,
  }),
  'rule.gapS': amount('Time without a backend while the servers of a rule are replaced by a function', 1, {
    unit: 's',
    min: 0,
    max: 60,
    low: 0.1,
    high: 5,
  }),
  'quota.leadDays': amount('Time from the request of a higher quota until it is granted', 7, {
    unit: 'days',
    min: 0,
    max: 90,
    low: 2,
    high: 14,
  }),
  'cost.uncertainty': amount('Uncertainty of the cost beside that of the load', 0.15, {
    unit: '',
    min: 0,
    max: 1,
    low: 0.05,
    high: 0.3,
  }),
};

export const capacityAssumptions = { ...function_, ...others };

export type CapacityAssumptionName = keyof typeof capacityAssumptions;

const rows = capacityAssumptions;

/** The values of all assumptions; those that a scenario doesn't set have their default. */
export const CapacityAssumptions = z.strictObject({
  'function.coldStartMs': rows['function.coldStartMs'].schema,
  'function.idleS': rows['function.idleS'].schema,
  'function.burstWindow': rows['function.burstWindow'].schema.default('sliding'),
  'function.warmUpPace': rows['function.warmUpPace'].schema.default('version'),
  'function.coldStartBilled': rows['function.coldStartBilled'].schema.default('billed'),
  'cvm.queuePerServer': rows['cvm.queuePerServer'].schema,
  'cvm.timedOut': rows['cvm.timedOut'].schema.default('dropped'),
  'clb.sharedBeyond': rows['clb.sharedBeyond'].schema.default('dropped'),
  'dns.overstayShare': rows['dns.overstayShare'].schema,
  'dns.overstayFactor': rows['dns.overstayFactor'].schema,
  'rule.gapS': rows['rule.gapS'].schema,
  'quota.leadDays': rows['quota.leadDays'].schema,
  'cost.uncertainty': rows['cost.uncertainty'].schema,
});
export type CapacityAssumptions = z.infer<typeof CapacityAssumptions>;
