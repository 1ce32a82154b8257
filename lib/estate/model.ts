import { z } from 'zod';
import {
  Certificate,
  ClbQuota,
  CustomConfig,
  DnsPlanLines,
  Permissions,
  ScfAccount,
  ScfNamespace,
  unknownPermissions,
} from './account-model';
import { ConnectionId, InstanceId, ListenerId, LoadBalancerId, RecordId, RuleId } from './ids';
import { AvailabilityZone, SecurityGroup, Subnet, Vpc } from './network-model';
import { owner } from './owner-schema';
import { byAddress, byServer } from './target-schema';

/**
 * The types of the estate: the result of one sync of one connection. They are flat lists with ids, so that a snapshot
 * can be stored, compared and searched without walking trees. All times are ISO 8601 UTC instants; quantities carry
 * their unit in the name.
 * Fields with a default may be left out where an object is built without a sync: they are then unknown (null), or an
 * empty list.
 */

const unknown = <T extends z.ZodType>(item: T) => item.nullable().default(null);

export const BoundFunction = z.object({
  namespace: z.string(),
  name: z.string(),
  qualifier: z.string(),
  /** The cloud may return null for old bindings. */
  qualifierType: z.enum(['VERSION', 'ALIAS']).nullable(),
  weight: z.number().int(),
});
export type BoundFunction = z.infer<typeof BoundFunction>;

const targetFields = {
  /** As the cloud returns it, upper-cased: CVM, ENI, CCN, … (official responses mix "CVM" and "cvm"). */
  kind: z.string(),
  instanceName: z.string().nullable(),
  privateIp: z.string().nullable(),
  port: z.number().int(),
  weight: z.number().int(),
  /**
   * The result of the load balancer's health check; off = not checked, and served whatever its state. unknown = not
   * checked for long enough; null = could not be read. https://cloud.tencent.com/document/api/214/30694#TargetHealth
   */
  health: unknown(z.enum(['alive', 'dead', 'unknown', 'off'])),
};
export const Target = z.union([
  z.object({ ...byServer(InstanceId), ...targetFields }),
  z.object({ ...byAddress(z.string().min(1)), ...targetFields }),
]);
export type Target = z.infer<typeof Target>;

/** The tags of an object, by key. An object built without a sync has none. */
const Tags = z.record(z.string(), z.string());
const tags = Tags.default({});

export const LoadBalancer = z.object({
  ...owner,
  id: LoadBalancerId,
  name: z.string(),
  region: z.string(),
  /** `Forward` = 1 is the current CLB, 0 the classic generation. */
  generation: z.enum(['clb', 'classic']),
  network: z.enum(['OPEN', 'INTERNAL']),
  /** null = the classic network (no VPC). */
  vpcId: z.string().nullable(),
  /** unknown = the cloud returned nothing, or something undocumented: never treated as IPv4. */
  addressFamily: z.enum(['ipv4', 'ipv6-nat64', 'ipv6-full-chain', 'unknown']),
  vips: z.array(z.string()),
  ipv6: z.string().nullable(),
  /** Set on domain-named instances: their VIPs change, so DNS must use a CNAME to this name. */
  domain: z.string().nullable(),
  status: z.enum(['creating', 'running']),
  isolated: z.boolean(),
  blocked: z.boolean(),
  /** Stopped by its owner: it serves nothing. https://cloud.tencent.com/document/api/214/30694#LoadBalancer */
  stopped: unknown(z.boolean()),
  deleteProtected: unknown(z.boolean()),
  /**
   * Operation protection, under which the cloud refuses changes: who set it, and why; null = none, or unread (the part
   * `clb-protection/REGION`). https://cloud.tencent.com/document/api/214/30694#LBOperateProtectInfo
   */
  operationProtection: unknown(z.object({ operatorUin: z.string().nullable(), note: z.string() })),
  tags,
  /** True if a WAF is bound to it. Its rules name the WAF's domain (`wafDomainId`). */
  wafFlag: unknown(z.boolean()),
  /** Specification, such as `clb.c3.small`; '' = shared. */
  slaType: unknown(z.string()),
  /** The maximum bandwidth to clients, in Mbps; 0 = it has no limit of its own (a shared internal one). */
  bandwidthMbps: unknown(z.number().int()),
  /** The billing of its traffic, such as `TRAFFIC_POSTPAID_BY_HOUR`; null for internal ones. */
  internetChargeType: unknown(z.string()),
  /** Ids of its security groups; those of its targets also apply unless `passToTarget`. */
  securityGroups: unknown(z.array(z.string())),
  /** True if its targets accept its traffic regardless of their own security groups. */
  passToTarget: unknown(z.boolean()),
  createdAt: unknown(z.string()),
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
  /** All server certificates, the one above first; with SNI the rules have their own. */
  certificateIds: z.array(z.string()).default([]),
  /** The CA of the certificates that clients must present (mutual TLS); null = none, or not reported. */
  clientCaId: unknown(z.string()),
  /** True if each domain presents its own certificate. Only for HTTPS listeners. */
  sniSwitch: unknown(z.boolean()),
  /** True if connections to targets are kept alive. */
  keepalive: unknown(z.boolean()),
  /** Stopped by its owner: it serves nothing. */
  stopped: unknown(z.boolean()),
  createdAt: unknown(z.string()),
  /** Targets of a layer-4 listener; layer-7 listeners have rules instead. */
  targets: z.array(Target),
});
export type Listener = z.infer<typeof Listener>;

const RuleFields = z.object({
  id: RuleId,
  loadBalancerId: LoadBalancerId,
  listenerId: ListenerId,
  /** The first of `domains`. */
  domain: z.string(),
  /** All host names that it answers for. */
  domains: z.array(z.string()).default([]),
  url: z.string(),
  /**
   * True if it takes the requests of its listener that match no domain. Without a default, the oldest domain takes
   * them.
   */
  isDefault: z.boolean(),
  scheduler: z.string(),
  quic: z.boolean(),
  /** NODE = targets bound directly; TARGETGROUP and TARGETGROUP-V2 are a different kind. */
  targetType: z.string(),
  /** The rule that requests are redirected to, when this one is a redirect source. */
  redirectsTo: RuleId.nullable(),
  /** Server certificates that its domains present: the listener's, or with SNI their own. */
  certificateIds: z.array(z.string()).default([]),
  /** The CA of the certificates that clients must present: the listener's, or with SNI its own; null = none. */
  clientCaId: unknown(z.string()),
  /** The time for which a client's requests go to the same target, in seconds; 0 = they don't. */
  sessionExpireS: unknown(z.number().int()),
  /** The protocol to the targets: HTTP, HTTPS, GRPC, … */
  forwardType: unknown(z.string()),
  /** True if its targets are health-checked. */
  healthCheck: unknown(z.boolean()),
  http2: unknown(z.boolean()),
  /** The WAF domain that filters its requests at the load balancer; null = none. */
  wafDomainId: z.string().nullable().default(null),
  createdAt: unknown(z.string()),
  targets: z.array(Target),
  functions: z.array(BoundFunction),
});
export const Rule = RuleFields.transform((rule) =>
  rule.domains.length > 0 ? rule : { ...rule, domains: [rule.domain] },
);
export type Rule = z.infer<typeof Rule>;

/** A name for versions of a function: https://www.tencentcloud.com/document/api/583/36323. */
export const FunctionAlias = z.object({
  name: z.string(),
  version: z.string(),
  /** A second version that takes this share (0–1) of the calls; null = none, or one by routing key. */
  additional: z.object({ version: z.string(), weight: z.number() }).nullable(),
});
export type FunctionAlias = z.infer<typeof FunctionAlias>;

/** Instances of a version that are kept ready: https://cloud.tencent.com/document/api/583/51248. */
export const ProvisionedConcurrency = z.object({
  /** A version. */
  qualifier: z.string(),
  /** The number of instances requested. */
  allocated: z.number().int(),
  /** The number of instances that are ready. */
  available: z.number().int(),
  /** Done, InProgress, Failed. */
  status: z.string(),
});
export type ProvisionedConcurrency = z.infer<typeof ProvisionedConcurrency>;

/** A trigger that calls a function automatically: https://www.tencentcloud.com/document/product/583/34880. */
export const FunctionTrigger = z.object({
  /** Lower-cased: `clb`, `timer`, `cos` … */
  kind: z.string(),
  name: z.string(),
  /** null = not reported by the cloud. */
  enabled: z.boolean().nullable(),
  /** Its setting, in the words of its kind: for a timer, its expression; '' = the cloud reports nothing. */
  setting: z.string(),
  /** As someone has written it; '' = none. */
  description: z.string(),
  /** The version or alias that it calls; null = not reported by the cloud. */
  qualifier: z.string().nullable(),
});
export type FunctionTrigger = z.infer<typeof FunctionTrigger>;

export const ScfFunction = z.object({
  ...owner,
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
  /**
   * Available, or the reason why it must not be called, such as Insufficient:
   * https://cloud.tencent.com/document/product/583/47175.
   */
  availableStatus: unknown(z.string()),
  aliases: unknown(z.array(FunctionAlias)),
  /**
   * The concurrent memory it may use, both guaranteed and maximum, in MB; 0 stops it; none = it shares the account's
   * quota.
   */
  reservedMb: unknown(z.union([z.number().int(), z.literal('none')])),
  provisioned: unknown(z.array(ProvisionedConcurrency)),
  /** By kind and name. */
  triggers: unknown(z.array(FunctionTrigger)),
  tags,
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
  securityGroups: unknown(z.array(z.string())),
});
export type Instance = z.infer<typeof Instance>;

export const DnsZone = z.object({
  ...owner,
  id: z.number().int(),
  /** Apex, e.g. `example.co.id`. */
  name: z.string(),
  enabled: z.boolean(),
  /** True if the registry delegates the zone to DNSPod; null when the cloud does not report it. */
  delegated: z.boolean().nullable(),
  grade: z.string(),
  /** Minimum TTL that its plan allows. https://cloud.tencent.com/document/api/1427/70489 */
  minTtlS: unknown(z.number().int()),
  /** Maximum enabled records of one name, type and line that its plan allows. */
  sameNameMax: unknown(z.number().int()),
  tags,
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
  /** True if DNSPod's paid monitoring (D-monitoring) watches it, and may replace it. */
  monitored: z.boolean().default(false),
  updatedAt: z.string(),
});
export type DnsRecord = z.infer<typeof DnsRecord>;

/**
 * An instance of IGTM, Tencent's traffic manager, which edits the records of its access name on its own:
 * https://cloud.tencent.com/document/practice/1551/84532.
 */
export const IgtmInstance = z.object({
  ...owner,
  id: z.string(),
  name: z.string(),
  /** The host name that clients use; null = not reported. */
  domain: z.string().nullable(),
  /** The host name that it answers for, at which the one above points by CNAME; null = none yet. */
  accessName: z.string().nullable(),
  enabled: z.boolean(),
});
export type IgtmInstance = z.infer<typeof IgtmInstance>;

/** Incremented when the model changes, so that a stored snapshot of another format is recognized. */
export const estateFormat = 2;

const Account = z.object({
  uin: z.string(),
  /** null = could not be read: never treated as STANDARD. */
  networkAccountType: z.enum(['STANDARD', 'LEGACY']).nullable(),
  permissions: Permissions.default(unknownPermissions),
});

export const Estate = z.object({
  /** The version of this model: which cloud data is read. */
  format: z.literal(estateFormat).default(estateFormat),
  connectionId: ConnectionId,
  /** The time of the last full sync. */
  takenAt: z.string(),
  /**
   * The time of the last partial sync of frequently changing data since then: see `readChanges` of the cloud; null =
   * none since.
   */
  partsAt: unknown(z.string()),
  account: Account,
  regions: z.array(z.string()),
  zones: z.array(DnsZone),
  records: z.array(DnsRecord),
  loadBalancers: z.array(LoadBalancer),
  listeners: z.array(Listener),
  rules: z.array(Rule),
  functions: z.array(ScfFunction),
  instances: z.array(Instance),
  /** A region that is missing from the next two could not be read. */
  clbQuotas: z.array(ClbQuota).default([]),
  scfAccounts: z.array(ScfAccount).default([]),
  scfNamespaces: z.array(ScfNamespace).default([]),
  vpcs: z.array(Vpc).default([]),
  subnets: z.array(Subnet).default([]),
  availabilityZones: z.array(AvailabilityZone).default([]),
  /** Those of load balancers and servers. */
  securityGroups: z.array(SecurityGroup).default([]),
  certificates: z.array(Certificate).default([]),
  customConfigs: z.array(CustomConfig).default([]),
  /** By DNSPod plan, for the plans of the zones. */
  dnsLines: z.array(DnsPlanLines).default([]),
  igtm: z.array(IgtmInstance).default([]),
  /**
   * By listener that forwards without rules (layer 4, QUIC): its most connections at once in the 24 h before the full
   * sync. One that is missing could not be read.
   */
  listenerConnections: z.record(z.string(), z.int()).optional(),
  /** Parts that could not be read: shown, and never treated as empty. */
  gaps: z.array(z.object({ part: z.string(), reason: z.string() })),
});
type ReadEstate = z.infer<typeof Estate>;
export type Estate = ReadEstate & {
  /** The account data of the other accounts, in an estate joined from several; never stored. */
  readonly otherAccounts?: readonly Pick<
    ReadEstate,
    'connectionId' | 'account' | 'clbQuotas' | 'scfAccounts'
  >[];
  /**
   * The ids of load balancers that runs of this connection's plans have created, by their journals; never stored. A
   * name proves nothing: any user can set it.
   */
  readonly ownLoadBalancers?: readonly string[];
};

/**
 * Returns a stored snapshot; null if its format is not the one of this build: it then counts as missing, and the next
 * sync replaces it. One of this format was valid when it was stored: a full check is not worth the time.
 */
export function readStoredEstate(stored: unknown): Estate | null {
  return Object(stored).format === estateFormat ? (stored as Estate) : null;
}
