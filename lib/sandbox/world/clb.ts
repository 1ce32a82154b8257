/** The data of CLB. Ids have the cloud's own forms; times are epoch milliseconds. */

export type WorldLoadBalancer = {
  id: string;
  name: string;
  region: string;
  forward: 0 | 1;
  type: 'OPEN' | 'INTERNAL';
  /** "0" or "" = classic network. */
  vpcId: string;
  subnetId: string;
  ipVersion: 'ipv4' | 'ipv6';
  ipv6Mode: '' | 'IPv6Nat64' | 'IPv6FullChain';
  ipv6: string | null;
  /** Loopback addresses that really respond. */
  vips: string[];
  /** The domain name of a domain-named instance, else null. */
  domain: string | null;
  status: 0 | 1;
  isolated: boolean;
  blocked: boolean;
  /** Stopped by its owner: SetLoadBalancerStartStatus. */
  stopped: boolean;
  deleteProtected: boolean;
  /** Operation protection, under which it refuses changes; absent = none. */
  operationProtection?: { operatorUin: string; description: string; modifiedAt: number };
  /** "" = shared, else a specification such as `clb.c3.small`. */
  slaType: string;
  /** Ids; absent = none. */
  securityGroups?: string[];
  chargeType: 'PREPAID' | 'POSTPAID_BY_HOUR';
  internetChargeType: string;
  bandwidthMbps: number;
  projectId: number;
  /** The location of its targets, if it is not its own region and VPC. */
  targetRegion: { region: string; vpcId: string } | null;
  passToTarget: boolean;
  snatPro: boolean;
  tags: Record<string, string>;
  /** The carrier of its addresses: `BGP`, `CMCC`, `CTCC`, `CUCC`; `INTERNAL` for a private instance. */
  vipIsp: string;
  /** Such as `ap-singapore-2`; null = none chosen. */
  masterZone: string | null;
  backupZone: string | null;
  /** Set for a PREPAID instance, else null. */
  prepaid: { months: number; autoRenew: boolean; expiresAt: number } | null;
  snatIps: { subnetId: string; ip: string }[];
  createdAt: number;
  /** The time of its last state change. */
  statusAt: number;
  listeners: WorldListener[];
};

export type WorldHealthCheck = {
  on: boolean;
  timeoutS: number;
  intervalS: number;
  healthyCount: number;
  unhealthyCount: number;
  type: 'TCP' | 'HTTP' | 'HTTPS' | 'PING' | 'CUSTOM' | 'GRPC';
  /** Layer 7: bit mask of 1xx=1, 2xx=2, 3xx=4, 4xx=8, 5xx=16. */
  httpCodes: number;
  httpPath: string;
  httpDomain: string;
  httpMethod: 'HEAD' | 'GET';
  httpVersion: string | null;
  /** null = the target's own port. */
  port: number | null;
  /** 0 = the VIP, 1 = the 100.64.0.0/10 range. */
  sourceIpType: 0 | 1;
  /** For type CUSTOM: the request and the expected response. */
  custom: { format: 'HEX' | 'TEXT'; send: string; receive: string } | null;
  /** For type GRPC: healthy status codes, such as `12` or `0-99`. */
  grpcCodes: string | null;
};

export type WorldCertificateUse = {
  mode: 'UNIDIRECTIONAL' | 'MUTUAL';
  /** Server certificates, in order: the first is `CertId`, the rest `ExtCertIds`. */
  ids: string[];
  caId: string | null;
  /** For MUTUAL: whether a client without a certificate is refused; else ''. */
  verifyClient: '' | 'ON' | 'OPTIONAL';
};

export type Scheduler = 'WRR' | 'LEAST_CONN' | 'IP_HASH';

export type WorldListener = {
  id: string;
  name: string;
  protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'UDP' | 'TCP_SSL' | 'QUIC';
  port: number;
  /** Set for a listener with a port range, else null. */
  endPort: number | null;
  /** null on a listener without TLS, and on one with SNI (there each domain has its own). */
  certificate: WorldCertificateUse | null;
  sni: boolean;
  keepalive: boolean;
  /** Layer 4; on layer 7 the rules have their own checks. */
  healthCheck: WorldHealthCheck | null;
  scheduler: Scheduler;
  sessionExpireS: number;
  sessionType: 'NORMAL' | 'QUIC_CID';
  deregisterTargetRst: boolean;
  /** Stopped by its owner: SetLoadBalancerStartStatus with its id. */
  stopped: boolean;
  /** -1 = no limit. */
  maxConnections: number;
  /** -1 = no limit. */
  maxNewConnections: number;
  /** TCP and UDP only. */
  idleTimeoutS: number | null;
  /** The cases in which connections are redistributed; TCP and UDP only. */
  reschedule: {
    onZeroWeight: boolean;
    onUnhealthy: boolean;
    onNewTargets: boolean;
    startS: number;
    intervalS: number;
  };
  proxyProtocol: boolean;
  /** True if targets see the load balancer's address instead of the client's. */
  snat: boolean;
  dataCompressMode: 'transparent' | 'compatibility';
  targetType: 'NODE' | 'TARGETGROUP' | 'TARGETGROUP-V2';
  targetGroups: WorldTargetGroupUse[];
  createdAt: number;
  /** Layer 7 only. */
  rules: WorldRule[];
  /** Layer 4 only. */
  targets: WorldTarget[];
};

export type WorldTargetGroupUse = { groupId: string; weight: number };

export type WorldRule = {
  id: string;
  domain: string;
  /** More domains of the same rule (`Domains` of CreateRule after the first). */
  furtherDomains: string[];
  url: string;
  isDefault: boolean;
  scheduler: Scheduler;
  healthCheck: WorldHealthCheck;
  /** 0 = no stickiness. */
  sessionExpireS: number;
  /** Custom name of the session cookie; '' = the load balancer's. */
  cookieName: string;
  /** The protocol between the load balancer and its targets. */
  forwardType: 'HTTP' | 'HTTPS' | 'GRPC' | 'GRPCS';
  http2: boolean;
  gzip: boolean;
  quic: boolean;
  /** The domain's certificate, on a listener with SNI. */
  certificate: WorldCertificateUse | null;
  targetType: 'NODE' | 'TARGETGROUP' | 'TARGETGROUP-V2';
  targetGroups: WorldTargetGroupUse[];
  /** For a redirect source: id of the rule that requests are redirected to. */
  redirectTo: WorldRedirect | null;
  /** The WAF domain that is bound to it in WAF's own console; absent = none. */
  wafDomainId?: string | undefined;
  createdAt: number;
  targets: WorldTarget[];
  functions: WorldFunctionTarget[];
};

export type WorldRedirect = {
  listenerId: string;
  ruleId: string;
  code: 301 | 302 | 307;
  /** True if the path of the request is kept. */
  takeUrl: boolean;
};

export type WorldTarget = {
  /** The server itself, or the server with the address. */
  instanceId: string;
  /** The bound address, if it is not the server's primary one. */
  eniIp?: string;
  port: number;
  weight: number;
  /** The time from which it is checked. */
  registeredAt: number;
  /** A label set by the caller. */
  tag?: string;
};

export type WorldFunctionTarget = {
  namespace: string;
  name: string;
  qualifier: string;
  qualifierType: 'VERSION' | 'ALIAS';
  weight: number;
};

export type WorldTargetGroup = {
  id: string;
  name: string;
  region: string;
  vpcId: string;
  /** Default port of its targets, 0 = none. */
  port: number;
  type: 'v1' | 'v2';
  /** Set for a v2 group, else null. */
  protocol: 'TCP' | 'UDP' | 'HTTP' | 'HTTPS' | 'GRPC' | null;
  scheduler: Scheduler;
  /** Default weight of the targets of a v2 group; null = each target must be given one. */
  weight: number | null;
  /** Set for a v2 group; a v1 group is checked by the rules that it is associated with. */
  healthCheck: WorldHealthCheck | null;
  keepalive: boolean;
  sessionExpireS: number;
  fullListen: boolean;
  /** True if targets see the load balancer's address instead of the client's. */
  snat: boolean;
  tags: Record<string, string>;
  createdAt: number;
  targets: WorldTarget[];
};

/** A layer-7 custom configuration: https://www.tencentcloud.com/document/product/214/32427 */
export type WorldCustomConfig = {
  /** `pz-…` */
  id: string;
  name: string;
  region: string;
  kind: 'CLB' | 'SERVER' | 'LOCATION';
  content: string;
  createdAt: number;
  modifiedAt: number;
  /** The places it applies to: a load balancer, a domain of a listener, or a rule. */
  bindings: {
    loadBalancerId: string;
    listenerId: string | null;
    domain: string | null;
    ruleId: string | null;
  }[];
  tags: Record<string, string>;
};

/** Returns all domains of a rule; the first is the one that identifies it. */
export function listRuleDomains(rule: Pick<WorldRule, 'domain' | 'furtherDomains'>): string[] {
  return [rule.domain, ...rule.furtherDomains];
}

/** Returns whether a domain is any of a rule's domains. */
export function hasDomain(rule: Pick<WorldRule, 'domain' | 'furtherDomains'>, domain: string): boolean {
  return rule.domain === domain || rule.furtherDomains.includes(domain);
}
