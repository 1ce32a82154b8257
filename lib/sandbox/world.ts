/**
 * The state of the emulated cloud: plain JSON, so that it can be stored, exported and compared.
 * Control plane services change it; the data plane and DNS only read it. Ids are the cloud's own forms.
 * Times are epoch milliseconds.
 */

export type World = {
  /** Format of this state; a file of another format is refused. */
  readonly format: 1;
  seed: string;
  /** Source of ids: each new id takes the next number, so that the same calls give the same world. */
  nextId: number;
  /** By UIN. */
  accounts: Record<string, AccountWorld>;
};

export type AccountWorld = {
  uin: string;
  /** What people call the account; the cloud's API never shows it. */
  name: string;
  appId: number;
  secretId: string;
  secretKey: string;
  networkAccountType: 'STANDARD' | 'LEGACY';
  /** Keyed by id. */
  loadBalancers: Record<string, WorldLoadBalancer>;
  instances: Record<string, WorldInstance>;
  /** Keyed `region/namespace/name`. */
  functions: Record<string, WorldFunction>;
  /** Keyed by zone name. */
  zones: Record<string, WorldZone>;
  tasks: Record<string, WorldTask>;
};

export type WorldLoadBalancer = {
  id: string;
  name: string;
  region: string;
  forward: 0 | 1;
  type: 'OPEN' | 'INTERNAL';
  /** "0" or "" = classic network. */
  vpcId: string;
  ipVersion: 'ipv4' | 'ipv6';
  ipv6Mode: '' | 'IPv6Nat64' | 'IPv6FullChain';
  ipv6: string | null;
  /** Loopback addresses that really answer (the address that works). */
  vips: string[];
  /** Own name of a domain-named instance, else null. */
  domain: string | null;
  status: 0 | 1;
  isolated: boolean;
  blocked: boolean;
  createdAt: number;
  listeners: WorldListener[];
};

export type WorldListener = {
  id: string;
  name: string;
  protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'UDP' | 'TCP_SSL' | 'QUIC';
  port: number;
  certificateId: string | null;
  createdAt: number;
  /** Layer 7 only. */
  rules: WorldRule[];
  /** Layer 4 only. */
  targets: WorldTarget[];
};

export type WorldRule = {
  id: string;
  domain: string;
  url: string;
  isDefault: boolean;
  scheduler: 'WRR' | 'LEAST_CONN' | 'IP_HASH';
  quic: boolean;
  targetType: 'NODE' | 'TARGETGROUP';
  /** Redirect source: id of the rule that requests are sent to. */
  redirectTo: { listenerId: string; ruleId: string; code: 301 | 302 | 307 } | null;
  createdAt: number;
  targets: WorldTarget[];
  functions: WorldFunctionTarget[];
};

export type WorldTarget = { instanceId: string; port: number; weight: number; registeredAt: number };

export type WorldFunctionTarget = {
  namespace: string;
  name: string;
  qualifier: string;
  qualifierType: 'VERSION' | 'ALIAS';
  weight: number;
};

export type WorldInstance = {
  id: string;
  name: string;
  region: string;
  zone: string;
  vpcId: string;
  state: 'RUNNING' | 'STOPPED';
  privateIp: string;
};

export type WorldFunction = {
  region: string;
  namespace: string;
  name: string;
  type: 'Event' | 'HTTP';
  runtime: string;
  handler: string;
  description: string;
  memoryMb: number;
  timeoutS: number;
  environment: Record<string, string>;
  status: 'Creating' | 'Updating' | 'Publishing' | 'Active' | 'CreateFailed' | 'UpdateFailed';
  /** When a transient status becomes Active. */
  settlesAt: number | null;
  createdAt: number;
  modifiedAt: number;
  /** Base64 zip of the mutable code, served as $LATEST. */
  zip: string;
  versions: WorldVersion[];
};

/** An immutable copy made by PublishVersion. */
export type WorldVersion = {
  version: string;
  description: string;
  createdAt: number;
  zip: string;
  handler: string;
  runtime: string;
  memoryMb: number;
  timeoutS: number;
  environment: Record<string, string>;
};

export type WorldZone = {
  id: number;
  name: string;
  grade: string;
  minTtlS: number;
  /** Most enabled records of one name, type and line. */
  sameNameMax: number;
  enabled: boolean;
  dnsStatus: '' | 'DNSERROR';
  createdAt: number;
  records: WorldRecord[];
};

export type WorldRecord = {
  id: number;
  subdomain: string;
  type: string;
  value: string;
  line: string;
  lineId: string;
  ttlS: number;
  weight: number | null;
  mx: number;
  enabled: boolean;
  remark: string;
  /** One of the NS records that DNSPod itself puts at the apex. */
  defaultNs: boolean;
  updatedAt: number;
};

/** An asynchronous CLB write: in effect, or failed, once `endsAt` has passed. */
export type WorldTask = {
  id: string;
  loadBalancerId: string;
  action: string;
  startedAt: number;
  endsAt: number;
  outcome: 'running' | 'done' | 'failed';
  message: string;
  /** What the task does when it ends, as data, so that a restarted sandbox finishes it. */
  effect: WorldEffect;
  /** Set when a fault was ordered for it: the task fails with this message and changes nothing. */
  fault: string | null;
};

/** A checked CLB write with its ids resolved. `ruleId` null = the layer-4 listener itself. */
export type WorldEffect =
  | { kind: 'createRules'; listenerId: string; rules: WorldRule[] }
  | { kind: 'deleteRules'; listenerId: string; ruleIds: string[]; newDefaultDomain: string | null }
  | { kind: 'registerTargets'; listenerId: string; ruleId: string | null; targets: WorldTarget[] }
  | {
      kind: 'deregisterTargets';
      listenerId: string;
      ruleId: string | null;
      targets: { instanceId: string; port: number }[];
    }
  | { kind: 'registerFunctions'; listenerId: string; ruleId: string; functions: WorldFunctionTarget[] }
  | { kind: 'deregisterFunctions'; listenerId: string; ruleId: string; functions: WorldFunctionTarget[] };
