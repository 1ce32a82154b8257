import { z } from 'zod';

/** Sandbox data as the first release stored it. Times are epoch milliseconds. */

const Target = z.object({
  instanceId: z.string(),
  port: z.int(),
  weight: z.int(),
  registeredAt: z.number(),
});

const FunctionTarget = z.object({
  namespace: z.string(),
  name: z.string(),
  qualifier: z.string(),
  qualifierType: z.enum(['VERSION', 'ALIAS']),
  weight: z.int(),
});

const Rule = z.object({
  id: z.string(),
  domain: z.string(),
  url: z.string(),
  isDefault: z.boolean(),
  scheduler: z.enum(['WRR', 'LEAST_CONN', 'IP_HASH']),
  quic: z.boolean(),
  targetType: z.enum(['NODE', 'TARGETGROUP']),
  redirectTo: z
    .object({
      listenerId: z.string(),
      ruleId: z.string(),
      code: z.union([z.literal(301), z.literal(302), z.literal(307)]),
    })
    .nullable(),
  createdAt: z.number(),
  targets: z.array(Target),
  functions: z.array(FunctionTarget),
});
export type RuleFormat1 = z.infer<typeof Rule>;

const Listener = z.object({
  id: z.string(),
  name: z.string(),
  protocol: z.enum(['HTTP', 'HTTPS', 'TCP', 'UDP', 'TCP_SSL', 'QUIC']),
  port: z.int(),
  certificateId: z.string().nullable(),
  createdAt: z.number(),
  rules: z.array(Rule),
  targets: z.array(Target),
});

const LoadBalancer = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  forward: z.union([z.literal(0), z.literal(1)]),
  type: z.enum(['OPEN', 'INTERNAL']),
  vpcId: z.string(),
  ipVersion: z.enum(['ipv4', 'ipv6']),
  ipv6Mode: z.enum(['', 'IPv6Nat64', 'IPv6FullChain']),
  ipv6: z.string().nullable(),
  vips: z.array(z.string()),
  domain: z.string().nullable(),
  status: z.union([z.literal(0), z.literal(1)]),
  isolated: z.boolean(),
  blocked: z.boolean(),
  createdAt: z.number(),
  listeners: z.array(Listener),
});
export type LoadBalancerFormat1 = z.infer<typeof LoadBalancer>;

const Instance = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  zone: z.string(),
  vpcId: z.string(),
  state: z.enum(['RUNNING', 'STOPPED']),
  privateIp: z.string(),
});

const Version = z.object({
  version: z.string(),
  description: z.string(),
  createdAt: z.number(),
  zip: z.string(),
  handler: z.string(),
  runtime: z.string(),
  memoryMb: z.int(),
  timeoutS: z.int(),
  environment: z.record(z.string(), z.string()),
});

const ScfFunction = z.object({
  region: z.string(),
  namespace: z.string(),
  name: z.string(),
  type: z.enum(['Event', 'HTTP']),
  runtime: z.string(),
  handler: z.string(),
  description: z.string(),
  memoryMb: z.int(),
  timeoutS: z.int(),
  environment: z.record(z.string(), z.string()),
  status: z.enum(['Creating', 'Updating', 'Publishing', 'Active', 'CreateFailed', 'UpdateFailed']),
  settlesAt: z.number().nullable(),
  createdAt: z.number(),
  modifiedAt: z.number(),
  zip: z.string(),
  versions: z.array(Version),
});

const Zone = z.object({
  id: z.int(),
  name: z.string(),
  grade: z.string(),
  enabled: z.boolean(),
  dnsStatus: z.enum(['', 'DNSERROR']),
  createdAt: z.number(),
  records: z.array(
    z.object({
      id: z.int(),
      subdomain: z.string(),
      type: z.string(),
      value: z.string(),
      line: z.string(),
      lineId: z.string(),
      ttlS: z.int(),
      weight: z.int().nullable(),
      mx: z.int(),
      enabled: z.boolean(),
      remark: z.string(),
      defaultNs: z.boolean(),
      updatedAt: z.number(),
    }),
  ),
});

const place = { listenerId: z.string() };
const Effect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('createRules'), ...place, rules: z.array(Rule) }),
  z.object({
    kind: z.literal('deleteRules'),
    ...place,
    ruleIds: z.array(z.string()),
    newDefaultDomain: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('registerTargets'),
    ...place,
    ruleId: z.string().nullable(),
    targets: z.array(Target),
  }),
  z.object({
    kind: z.literal('deregisterTargets'),
    ...place,
    ruleId: z.string().nullable(),
    targets: z.array(z.object({ instanceId: z.string(), port: z.int() })),
  }),
  z.object({
    kind: z.literal('registerFunctions'),
    ...place,
    ruleId: z.string(),
    functions: z.array(FunctionTarget),
  }),
  z.object({
    kind: z.literal('deregisterFunctions'),
    ...place,
    ruleId: z.string(),
    functions: z.array(FunctionTarget),
  }),
]);
export type EffectFormat1 = z.infer<typeof Effect>;

const Task = z.object({
  id: z.string(),
  loadBalancerId: z.string(),
  action: z.string(),
  startedAt: z.number(),
  endsAt: z.number(),
  outcome: z.enum(['running', 'done', 'failed']),
  message: z.string(),
  effect: Effect,
  /** The message with which it must fail. */
  fault: z.string().nullable(),
});

const Account = z.object({
  uin: z.string(),
  name: z.string(),
  appId: z.int(),
  networkAccountType: z.enum(['STANDARD', 'LEGACY']),
  loadBalancers: z.record(z.string(), LoadBalancer),
  instances: z.record(z.string(), Instance),
  functions: z.record(z.string(), ScfFunction),
  zones: z.record(z.string(), Zone),
  tasks: z.record(z.string(), Task),
});
export type AccountFormat1 = z.infer<typeof Account>;

export const WorldFormat1 = z.object({
  format: z.literal(1),
  seed: z.string(),
  nextId: z.int(),
  accounts: z.record(z.string(), Account),
});
export type WorldFormat1 = z.infer<typeof WorldFormat1>;
