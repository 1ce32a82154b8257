import type { CustomConfig } from '@/lib/estate/account-model';
import type { ConnectionId } from '@/lib/estate/ids';
import { type AccountOf, findAccount } from '@/lib/estate/join-estates';
import type { DnsRecord, DnsZone, Estate, IgtmInstance } from '@/lib/estate/model';
import type { Owned } from '@/lib/estate/owner';
import { account, certificate, seedRecord } from '@/lib/sandbox/seeds/parts';
import type { WorldCertificate } from '@/lib/sandbox/world/access';
import type { WorldCustomConfig } from '@/lib/sandbox/world/clb';
import type { PlanName, WorldIgtmInstance, WorldRecord, WorldZone } from '@/lib/sandbox/world/dnspod';
import type { WorldSecurityGroup } from '@/lib/sandbox/world/network';
import { type AccountWorld, type World, worldFormat } from '@/lib/sandbox/world/world';
import { copyFunction } from './copy-functions';
import { copyLoadBalancer, copyTargetGroups } from './copy-load-balancers';
import { type CopiedServers, copyServers } from './copy-servers';
import { toMs } from './to-ms';

const planNames: readonly PlanName[] = [
  'D_FREE',
  'D_PLUS',
  'D_EXTRA',
  'D_EXPERT',
  'D_ULTRA',
  'DP_FREE',
  'DP_PLUS',
  'DP_EXTRA',
  'DP_EXPERT',
  'DP_ULTRA',
];

/** DNSPod returns the values of these with a final dot, which a snapshot leaves out. */
const nameTypes: readonly string[] = ['CNAME', 'NS', 'MX'];

function toRecord(record: DnsRecord, since: number): WorldRecord {
  const { id, subdomain, type, value, line, lineId, ttlS, weight, enabled } = record;
  const updatedAt = toMs(record.updatedAt, since);
  return seedRecord({
    id,
    subdomain,
    type,
    value: nameTypes.includes(type) && !value.endsWith('.') ? `${value}.` : value,
    line,
    lineId,
    ttlS,
    weight,
    enabled,
    defaultNs: type === 'NS' && subdomain === '@',
    ...(record.monitored && { monitored: true }),
    updatedAt,
    indexedAt: Math.min(since, updatedAt),
  });
}

/** Copies a zone of a snapshot with its records to sandbox data; a plan of DNSPod that is unknown becomes the highest. */
function copyZone(zone: DnsZone, records: readonly DnsRecord[], since: number): WorldZone {
  return {
    id: zone.id,
    name: zone.name,
    grade: planNames.find((name) => name === zone.grade) ?? 'DP_ULTRA',
    enabled: zone.enabled,
    locked: false,
    starred: false,
    dnsStatus: zone.delegated === false ? 'DNSERROR' : '',
    remark: '',
    tags: { ...zone.tags },
    createdAt: since,
    records: records.filter((record) => record.zone === zone.name).map((record) => toRecord(record, since)),
  };
}

const dayMs = 86_400_000;

/** Writes a custom configuration that has the effects that the snapshot shows. */
function toContent({ addsMethodHeader, addsUriHeader, readTimeoutS, bodyMaxMb }: CustomConfig): string {
  const bodyMaxBytes = bodyMaxMb === null ? null : Math.round(bodyMaxMb * 1_048_576);
  return [
    ...(addsMethodHeader ? ['proxy_set_header X-Method $request_method;'] : []),
    ...(addsUriHeader ? ['proxy_set_header X-Uri $uri;'] : []),
    ...(readTimeoutS === null ? [] : [`proxy_read_timeout ${readTimeoutS}s;`]),
    ...(bodyMaxBytes === null ? [] : [`client_max_body_size ${bodyMaxBytes};`]),
  ].join('\n');
}

function toCustomConfig(config: CustomConfig, since: number): WorldCustomConfig {
  return {
    id: config.id,
    name: config.name,
    region: config.region,
    kind: config.scope,
    content: toContent(config),
    createdAt: since,
    modifiedAt: since,
    bindings: config.bindings.map((place) => ({ ...place })),
    tags: {},
  };
}

function toIgtmInstance(found: IgtmInstance, since: number): WorldIgtmInstance {
  const { id, name, domain, accessName, enabled } = found;
  const access = { accessDomain: accessName ?? '', accessSubdomain: '' };
  return { id, name, domain: domain ?? '', ...access, enabled, createdAt: since };
}

function toCertificate(found: Estate['certificates'][number], now: number): WorldCertificate {
  const [domain = '', ...furtherDomains] = found.domains;
  const expiresAt = toMs(found.notAfter, now + 365 * dayMs);
  const issuedAt = Math.min(now, expiresAt) - 30 * dayMs;
  return certificate({
    id: found.id,
    alias: found.id,
    domain,
    furtherDomains,
    kind: found.kind ?? 'SVR',
    issuedAt,
    expiresAt,
  });
}

function toSecurityGroup(group: Estate['securityGroups'][number], since: number): WorldSecurityGroup {
  const ingress = group.ingress.map(({ action, protocol, ports, source }) => ({
    action,
    protocol: protocol ?? 'ALL',
    ports,
    source: source ?? '0.0.0.0/0',
    description: '',
  }));
  return { id: group.id, region: group.region, ingress, modifiedAt: since };
}

/** The account of one connection of the snapshot, and the place in which its id is looked up. */
type CopiedAccount = { readonly connectionId: ConnectionId; readonly uin: string };

/** A snapshot as sandbox data: an account for each connection. */
export type CopiedEstate = { readonly world: World; readonly accounts: readonly CopiedAccount[] };

function copyAccount(
  estate: Estate,
  uin: string,
  { isOwn, of }: { readonly isOwn: (owned: Owned) => boolean; readonly of: AccountOf },
  { servers, serverOf }: CopiedServers,
  now: number,
): AccountWorld {
  // Everything is older than any wait of a plan.
  const since = now - dayMs;
  const parts = { estate, serverOf, since };
  const own = {
    loadBalancers: estate.loadBalancers.filter(isOwn),
    functions: estate.functions.filter(isOwn),
    zones: estate.zones.filter(isOwn),
    igtm: estate.igtm.filter(isOwn),
  };
  const byId = new Map(own.loadBalancers.map((each) => [each.id, each]));
  const rules = estate.rules.filter(({ loadBalancerId }) => byId.has(loadBalancerId));
  const groups = copyTargetGroups(rules, (rule) => byId.get(rule.loadBalancerId)?.region ?? '', parts);
  const configs = estate.customConfigs.map((config) => toCustomConfig(config, since));
  const quotas = of.scfAccounts.flatMap(({ region, quotaMb }) =>
    quotaMb === null ? [] : [[region, quotaMb] as const],
  );
  const made = account(
    {
      uin,
      name: uin,
      appId: 1_300_000_000,
      networkAccountType: of.account.networkAccountType ?? 'STANDARD',
      targetGroups: Object.fromEntries(groups.map((group) => [group.id, group])),
      customConfigs: Object.fromEntries(configs.map((config) => [config.id, config])),
      concurrencyMb: Object.fromEntries(quotas),
    },
    {
      loadBalancers: own.loadBalancers.map((each) => copyLoadBalancer(each, estate.listeners, parts)),
      instances: servers,
      functions: own.functions.map((fn) => copyFunction(fn, now, since)),
      zones: own.zones.map((zone) => copyZone(zone, estate.records, since)),
      certificates: estate.certificates.map((each) => toCertificate(each, now)),
    },
  );
  const vpcs = estate.vpcs.map((vpc) => ({ ...vpc, tags: {}, createdAt: since }));
  const subnets = estate.subnets.map((subnet) => ({ ...subnet, tags: {}, createdAt: since }));
  const namespaces = estate.scfNamespaces
    .filter(({ name }) => name !== 'default')
    .map(
      ({ region, name }) =>
        [`${region}/${name}`, { region, name, description: '', createdAt: since }] as const,
    );
  return {
    ...made,
    igtm: Object.fromEntries(own.igtm.map((each) => [each.id, toIgtmInstance(each, since)])),
    vpcs: { ...made.vpcs, ...Object.fromEntries(vpcs.map((vpc) => [vpc.id, vpc])) },
    subnets: { ...made.subnets, ...Object.fromEntries(subnets.map((subnet) => [subnet.id, subnet])) },
    namespaces: { ...made.namespaces, ...Object.fromEntries(namespaces) },
    securityGroups: Object.fromEntries(
      estate.securityGroups.map((group) => [group.id, toSecurityGroup(group, since)]),
    ),
  };
}

/**
 * Copies a snapshot to sandbox data: the same ids, addresses, bindings, records and limits, so that a plan of the
 * snapshot finds each object as it expects it. Code, keys and permissions are not part of a snapshot: functions answer
 * by the model of the rehearsal, and the sandbox has keys of its own.
 * @param now the time of the copy, in epoch ms
 */
export function copyEstate(estate: Estate, now: number): CopiedEstate {
  const servers = copyServers(estate, now);
  const own = {
    connectionId: estate.connectionId,
    isOwn: ({ connectionId }: Owned) => connectionId === undefined,
  };
  const others = (estate.otherAccounts ?? []).map(({ connectionId }) => ({
    connectionId,
    isOwn: (owned: Owned) => owned.connectionId === connectionId,
  }));
  const copied = [own, ...others].map(({ connectionId, isOwn }, index) => {
    // Numbers of their own: two connections may belong to one account.
    const uin = String(100_000_000_001 + index);
    const of = findAccount(estate, index === 0 ? {} : { connectionId });
    return { connectionId, uin, made: copyAccount(estate, uin, { isOwn, of }, servers, now) };
  });
  const world: World = {
    format: worldFormat,
    seed: 'rehearsal',
    nextId: 1,
    accounts: Object.fromEntries(copied.map(({ uin, made }) => [uin, made])),
  };
  return { world, accounts: copied.map(({ connectionId, uin }) => ({ connectionId, uin })) };
}
