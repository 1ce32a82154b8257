import { z } from 'zod';
import { ConnectionId, InstanceId, ListenerId, LoadBalancerId, RecordId, RuleId } from './ids';

/**
 * The nouns of the estate: what was read from one connection at one time.
 * Flat lists with ids, so that a snapshot can be stored, compared and searched without walking trees.
 * All times are ISO 8601 UTC instants; quantities carry their unit in the name.
 */

export const BoundFunction = z.object({
  namespace: z.string(),
  name: z.string(),
  qualifier: z.string(),
  /** The cloud may answer null for old bindings. */
  qualifierType: z.enum(['VERSION', 'ALIAS']).nullable(),
  weight: z.number().int(),
});
export type BoundFunction = z.infer<typeof BoundFunction>;

export const Target = z.object({
  /** As the cloud says it, upper-cased: CVM, ENI, CCN, … (official answers mix "CVM" and "cvm"). */
  kind: z.string(),
  instanceId: InstanceId,
  instanceName: z.string().nullable(),
  privateIp: z.string().nullable(),
  port: z.number().int(),
  weight: z.number().int(),
});
export type Target = z.infer<typeof Target>;

export const LoadBalancer = z.object({
  id: LoadBalancerId,
  name: z.string(),
  region: z.string(),
  /** `Forward` = 1 is today's CLB, 0 the classic generation. */
  generation: z.enum(['clb', 'classic']),
  network: z.enum(['OPEN', 'INTERNAL']),
  /** null = the classic network (no VPC). */
  vpcId: z.string().nullable(),
  /** unknown = the cloud did not say, or said something undocumented: never treated as IPv4. */
  addressFamily: z.enum(['ipv4', 'ipv6-nat64', 'ipv6-full-chain', 'unknown']),
  vips: z.array(z.string()),
  ipv6: z.string().nullable(),
  /** Set on domain-named instances: their VIPs change, DNS must use a CNAME to this name. */
  domain: z.string().nullable(),
  status: z.enum(['creating', 'running']),
  isolated: z.boolean(),
  blocked: z.boolean(),
});
export type LoadBalancer = z.infer<typeof LoadBalancer>;

export const ListenerProtocol = z.enum(['HTTP', 'HTTPS', 'TCP', 'UDP', 'TCP_SSL', 'QUIC']);
export type ListenerProtocol = z.infer<typeof ListenerProtocol>;

export const Listener = z.object({
  id: ListenerId,
  loadBalancerId: LoadBalancerId,
  name: z.string(),
  protocol: ListenerProtocol,
  port: z.number().int(),
  certificateId: z.string().nullable(),
  /** Targets of a layer-4 listener; layer-7 listeners have rules instead. */
  targets: z.array(Target),
});
export type Listener = z.infer<typeof Listener>;

export const Rule = z.object({
  id: RuleId,
  loadBalancerId: LoadBalancerId,
  listenerId: ListenerId,
  domain: z.string(),
  url: z.string(),
  isDefault: z.boolean(),
  scheduler: z.string(),
  quic: z.boolean(),
  /** NODE = targets bound directly; TARGETGROUP and TARGETGROUP-V2 are another family. */
  targetType: z.string(),
  /** The rule that requests are redirected to, when this one is a redirect source. */
  redirectsTo: RuleId.nullable(),
  targets: z.array(Target),
  functions: z.array(BoundFunction),
});
export type Rule = z.infer<typeof Rule>;

export const ScfFunction = z.object({
  region: z.string(),
  namespace: z.string(),
  name: z.string(),
  type: z.enum(['Event', 'HTTP']),
  runtime: z.string(),
  handler: z.string(),
  status: z.string(),
  memoryMb: z.number().int(),
  timeoutS: z.number().int(),
  modifiedAt: z.string(),
  /** `$LATEST` first, then published versions, newest first. */
  versions: z.array(z.string()),
  clbTriggerCount: z.number().int(),
});
export type ScfFunction = z.infer<typeof ScfFunction>;

export const Instance = z.object({
  id: InstanceId,
  name: z.string(),
  region: z.string(),
  zone: z.string(),
  state: z.string(),
  vpcId: z.string().nullable(),
  privateIps: z.array(z.string()),
});
export type Instance = z.infer<typeof Instance>;

export const DnsZone = z.object({
  id: z.number().int(),
  /** Apex, e.g. `example.co.id`. */
  name: z.string(),
  enabled: z.boolean(),
  /** Whether the registry delegates the zone to DNSPod; null when the cloud does not say. */
  delegated: z.boolean().nullable(),
  grade: z.string(),
});
export type DnsZone = z.infer<typeof DnsZone>;

export const DnsRecord = z.object({
  id: RecordId,
  zone: z.string(),
  /** `@` for the apex. */
  subdomain: z.string(),
  type: z.string(),
  value: z.string(),
  line: z.string(),
  lineId: z.string(),
  ttlS: z.number().int(),
  /** null = weighting off; DNSPod treats 0 the same way. */
  weight: z.number().int().nullable(),
  enabled: z.boolean(),
  updatedAt: z.string(),
});
export type DnsRecord = z.infer<typeof DnsRecord>;

export const Estate = z.object({
  connectionId: ConnectionId,
  takenAt: z.string(),
  account: z.object({
    uin: z.string(),
    /** null = could not be read: never treated as STANDARD. */
    networkAccountType: z.enum(['STANDARD', 'LEGACY']).nullable(),
  }),
  regions: z.array(z.string()),
  zones: z.array(DnsZone),
  records: z.array(DnsRecord),
  loadBalancers: z.array(LoadBalancer),
  listeners: z.array(Listener),
  rules: z.array(Rule),
  functions: z.array(ScfFunction),
  instances: z.array(Instance),
  /** Parts that could not be read: shown, and never taken for empty. */
  gaps: z.array(z.object({ part: z.string(), reason: z.string() })),
});
export type Estate = z.infer<typeof Estate>;
