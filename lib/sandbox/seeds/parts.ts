import { strToU8, zipSync } from 'fflate';
import type { WorldCertificate } from '../world/access';
import type {
  WorldCertificateUse,
  WorldListener,
  WorldLoadBalancer,
  WorldRule,
  WorldTarget,
  WorldTargetGroup,
} from '../world/clb';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import { listenerHealthCheck, ruleHealthCheck } from '../world/health-check';
import type { WorldInstance } from '../world/network';
import {
  defaultAlias,
  defaultSettings,
  pickSettings,
  type WorldFunction,
  type WorldNamespace,
} from '../world/scf';
import type { AccountWorld } from '../world/world';
import { buildNetworks } from './networks';

/** The parts from which seeds are built. Each fills in the defaults of a plain object of its kind. */

/** Returns an address of the VIP network: `address('127.77.0.0/16', 1, 10)` = 127.77.1.10. */
export function address(vipNetwork: string, third: number, fourth: number): string {
  const [first, second] = vipNetwork.split('.');
  return `${first}.${second}.${third}.${fourth}`;
}

/** Builds a function's code as the API accepts it: a base64 zip. The same files always produce the same text. */
export function zipSeedFiles(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  const zip = zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 2), level: 6 });
  return Buffer.from(zip).toString('base64');
}

/** Returns Python code that responds to every request with one page, in the integrated response format. */
export function pageHandler(heading: string): string {
  return [
    '# -*- coding: utf8 -*-',
    'def main_handler(event, context):',
    '    return {',
    '        "isBase64Encoded": False,',
    '        "statusCode": 200,',
    '        "headers": {"Content-Type": "text/html"},',
    `        "body": "<html><body><h1>${heading}</h1></body></html>",`,
    '    }',
    '',
  ].join('\n');
}

type Given<T, Required extends keyof T> = Pick<T, Required> & Partial<T>;

/** Returns the parts of an account that are empty by default. */
function emptyAccountParts() {
  return {
    users: {},
    groups: {},
    policies: {},
    targetGroups: {},
    customConfigs: {},
    certificates: {},
    concurrencyMb: {},
    tasks: {},
    clientTokens: {},
    auditEvents: [],
  };
}

/** Builds an account from parts, each stored under its own key. */
export function account(
  given: Given<AccountWorld, 'uin' | 'name' | 'appId' | 'networkAccountType'>,
  parts: {
    loadBalancers: readonly WorldLoadBalancer[];
    instances: readonly WorldInstance[];
    functions: readonly WorldFunction[];
    zones: readonly WorldZone[];
    certificates?: readonly WorldCertificate[];
  },
): AccountWorld {
  return {
    ...emptyAccountParts(),
    ...buildNetworks(parts.loadBalancers, parts.instances),
    ...given,
    loadBalancers: Object.fromEntries(parts.loadBalancers.map((lb) => [lb.id, lb])),
    instances: Object.fromEntries(parts.instances.map((instance) => [instance.id, instance])),
    functions: Object.fromEntries(
      parts.functions.map((fn) => [`${fn.region}/${fn.namespace}/${fn.name}`, fn]),
    ),
    namespaces: buildNamespaces(parts.functions),
    zones: Object.fromEntries(parts.zones.map((zone) => [zone.name, zone])),
    certificates: Object.fromEntries((parts.certificates ?? []).map((each) => [each.id, each])),
  };
}

/** Returns the namespaces that contain functions; `default` always exists. */
function buildNamespaces(functions: readonly WorldFunction[]): AccountWorld['namespaces'] {
  const named = functions
    .filter((fn) => fn.namespace !== 'default')
    .map(({ region, namespace: name, createdAt }): [string, WorldNamespace] => [
      `${region}/${name}`,
      { region, name, description: '', createdAt },
    ]);
  return Object.fromEntries(named);
}

/** Builds a load balancer: by default a public IPv4 instance of the current generation, in its region's VPC. */
export function loadBalancer(
  given: Given<WorldLoadBalancer, 'id' | 'name' | 'region' | 'vips' | 'listeners' | 'createdAt'>,
): WorldLoadBalancer {
  return {
    forward: 1,
    type: 'OPEN',
    vpcId: `vpc-${given.region.slice(3, 6)}shop1`,
    subnetId: '',
    ipVersion: 'ipv4',
    ipv6Mode: '',
    ipv6: null,
    domain: null,
    status: 1,
    isolated: false,
    blocked: false,
    stopped: false,
    deleteProtected: false,
    slaType: '',
    chargeType: 'POSTPAID_BY_HOUR',
    internetChargeType: (given.type ?? 'OPEN') === 'OPEN' ? 'TRAFFIC_POSTPAID_BY_HOUR' : '',
    bandwidthMbps: (given.type ?? 'OPEN') === 'OPEN' ? 100 : 0,
    projectId: 0,
    targetRegion: null,
    passToTarget: false,
    snatPro: false,
    tags: {},
    vipIsp: (given.type ?? 'OPEN') === 'OPEN' ? 'BGP' : 'INTERNAL',
    masterZone: null,
    backupZone: null,
    prepaid: null,
    snatIps: [],
    statusAt: given.createdAt,
    ...given,
  };
}

/** Builds a certificate as SSL Certificate Service stores it; by default a server's. */
export function certificate(
  given: Given<WorldCertificate, 'id' | 'alias' | 'domain' | 'issuedAt' | 'expiresAt'>,
): WorldCertificate {
  return { kind: 'SVR', furtherDomains: [], algorithm: 'RSA 2048', uploaded: null, ...given };
}

/** Builds the use of a server certificate without client certificates. */
export function oneWay(id: string): WorldCertificateUse {
  return { mode: 'UNIDIRECTIONAL', ids: [id], caId: null, verifyClient: '' };
}

/** Builds a listener, by default without rules and targets; with a certificate if its protocol needs one. */
export function listener(
  given: Given<WorldListener, 'id' | 'protocol' | 'port' | 'createdAt'>,
): WorldListener {
  const { protocol } = given;
  const encrypted = protocol === 'HTTPS' || protocol === 'QUIC' || protocol === 'TCP_SSL';
  const layer4 = protocol !== 'HTTP' && protocol !== 'HTTPS';
  return {
    name: `${given.protocol.toLowerCase()}-${given.port}`,
    endPort: null,
    certificate: encrypted && !given.sni ? oneWay('cert8Kq2x') : null,
    sni: false,
    keepalive: false,
    healthCheck: layer4 ? listenerHealthCheck() : null,
    scheduler: 'WRR',
    sessionExpireS: 0,
    sessionType: 'NORMAL',
    deregisterTargetRst: false,
    stopped: false,
    maxConnections: -1,
    maxNewConnections: -1,
    idleTimeoutS: protocol === 'TCP' ? 900 : protocol === 'UDP' ? 300 : null,
    reschedule: { onZeroWeight: false, onUnhealthy: false, onNewTargets: false, startS: 0, intervalS: 0 },
    proxyProtocol: false,
    snat: false,
    dataCompressMode: 'transparent',
    targetType: 'NODE',
    targetGroups: [],
    rules: [],
    targets: [],
    ...given,
  };
}

/** Builds a rule, by default for all paths of a domain and without a target. */
export function seedRule(given: Given<WorldRule, 'id' | 'domain' | 'createdAt'>): WorldRule {
  return {
    furtherDomains: [],
    url: '/',
    isDefault: false,
    scheduler: 'WRR',
    healthCheck: ruleHealthCheck(),
    sessionExpireS: 0,
    cookieName: '',
    forwardType: 'HTTP',
    http2: false,
    gzip: true,
    quic: false,
    certificate: null,
    targetType: 'NODE',
    targetGroups: [],
    redirectTo: null,
    targets: [],
    functions: [],
    ...given,
  };
}

/** Builds targets with the default weight 10 on one port of each instance. */
export function targets(
  instances: readonly WorldInstance[],
  port: number,
  registeredAt: number,
): WorldTarget[] {
  return instances.map((instance) => ({ instanceId: instance.id, port, weight: 10, registeredAt }));
}

/** Targets with the default weight 10 on one port of each non-primary address of a server. */
export function podTargets(server: WorldInstance, port: number, registeredAt: number): WorldTarget[] {
  const addresses = server.interfaces?.flatMap(({ privateIps }) => privateIps) ?? [];
  return addresses.map((eniIp) => ({ instanceId: server.id, eniIp, port, weight: 10, registeredAt }));
}

/** Builds a target group: by default v1, in its region's VPC, without targets. */
export function targetGroup(
  given: Given<WorldTargetGroup, 'id' | 'name' | 'region' | 'createdAt'>,
): WorldTargetGroup {
  return {
    vpcId: `vpc-${given.region.slice(3, 6)}shop1`,
    port: 0,
    type: 'v1',
    protocol: null,
    scheduler: 'WRR',
    weight: null,
    healthCheck: null,
    keepalive: false,
    sessionExpireS: 0,
    fullListen: false,
    snat: false,
    tags: {},
    targets: [],
    ...given,
  };
}

/** Builds a server: by default running, in its region's VPC. */
export function instance(
  given: Given<WorldInstance, 'id' | 'name' | 'region' | 'zone' | 'privateIp'>,
): WorldInstance {
  return {
    vpcId: `vpc-${given.region.slice(3, 6)}shop1`,
    subnetId: `subnet-${given.region.slice(3, 6)}shop${given.zone.at(-1)}`,
    state: 'RUNNING',
    stateSince: 0,
    downSince: null,
    publicIps: [],
    instanceType: 'S5.MEDIUM4',
    cpu: 2,
    memoryGb: 4,
    imageId: 'img-l8og963d',
    osName: 'TencentOS Server 3.1 (TK4)',
    securityGroupIds: [],
    tags: {},
    createdAt: Date.UTC(2024, 0, 15, 2),
    ...given,
  };
}

/** Builds a function: by default an Event function in Python, Active, with the default size. */
export function scfFunction(
  given: Given<WorldFunction, 'region' | 'namespace' | 'name' | 'zip' | 'createdAt'>,
): WorldFunction {
  return {
    ...defaultSettings(),
    type: 'Event',
    runtime: 'Python3.10',
    handler: 'index.main_handler',
    description: '',
    tags: {},
    status: 'Active',
    settlesAt: null,
    modifiedAt: given.createdAt,
    versions: [],
    lastVersion: 0,
    aliases: [defaultAlias(given.createdAt)],
    triggers: [],
    reservedMb: null,
    provisioned: [],
    ...given,
  };
}

/** Returns the function with one more published version of its current code. */
export function published(fn: WorldFunction): WorldFunction {
  const lastVersion = fn.lastVersion + 1;
  const version = {
    ...pickSettings(fn),
    version: String(lastVersion),
    description: '',
    createdAt: fn.createdAt,
  };
  return { ...fn, lastVersion, versions: [...fn.versions, version] };
}

/** Builds a record: by default A-like, on the default line, enabled, TTL 60 s, without weight. */
export function seedRecord(
  given: Given<WorldRecord, 'id' | 'subdomain' | 'type' | 'value' | 'updatedAt'>,
): WorldRecord {
  return {
    line: '默认',
    lineId: '0',
    ttlS: 60,
    weight: null,
    mx: 0,
    enabled: true,
    remark: '',
    defaultNs: false,
    indexedAt: given.updatedAt,
    ...given,
  };
}

/** Builds a zone with DNSPod's own two NS records at the apex, as every zone has them. */
export function seedZone(
  given: Given<WorldZone, 'id' | 'name' | 'grade' | 'createdAt' | 'records'>,
): WorldZone {
  const servers = ['f1g1ns1.dnspod.net.', 'f1g1ns2.dnspod.net.'].map((value, index) =>
    seedRecord({
      id: given.id * 10 + index,
      subdomain: '@',
      type: 'NS',
      value,
      ttlS: 86_400,
      defaultNs: true,
      updatedAt: given.createdAt,
    }),
  );
  return {
    enabled: true,
    locked: false,
    starred: false,
    dnsStatus: '',
    remark: '',
    tags: {},
    ...given,
    records: [...servers, ...given.records],
  };
}
