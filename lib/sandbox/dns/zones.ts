import type { Answer, CaaData } from 'dns-packet';
import { defaultLineId, lineChain } from '@/lib/sandbox/model/dns/lines';
import type { WorldLoadBalancer } from '../world/clb';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import type { World } from '../world/world';

/** The most bytes of one string of a TXT record: https://www.rfc-editor.org/rfc/rfc1035#section-3.3. */
const stringMax = 255;

function strings(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const count = Math.max(1, Math.ceil(bytes.length / stringMax));
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * stringMax, (index + 1) * stringMax),
  );
}

/**
 * Returns the type under which a record is served. SPF records are published as TXT:
 * https://www.rfc-editor.org/rfc/rfc7208#section-3.1.
 */
export function servedType(type: string): string {
  return type === 'SPF' ? 'TXT' : type;
}

/** Converts a record to its DNS form; null when it has none. `name` is its owner as the question spells it. */
export function resource(name: string, record: WorldRecord): Answer | null {
  const common = { name, ttl: record.ttlS };
  const { value } = record;
  switch (servedType(record.type)) {
    case 'A':
      return { ...common, type: 'A', data: value };
    case 'AAAA':
      return { ...common, type: 'AAAA', data: value };
    case 'CNAME':
      return { ...common, type: 'CNAME', data: canonicalName(value) };
    case 'NS':
      return { ...common, type: 'NS', data: canonicalName(value) };
    case 'TXT':
      return { ...common, type: 'TXT', data: strings(value) };
    case 'MX':
      return { ...common, type: 'MX', data: { preference: record.mx, exchange: canonicalName(value) } };
    case 'SRV': {
      const [priority = '', weight = '', port = '', target = ''] = value.split(' ');
      const numbers = { priority: Number(priority), weight: Number(weight), port: Number(port) };
      return { ...common, type: 'SRV', data: { ...numbers, target: canonicalName(target) } };
    }
    case 'CAA': {
      const data = authorization(value);
      return data && { ...common, type: 'CAA', data };
    }
    default:
      return null;
  }
}

/** Parses `0 issue "ca.example"`: https://www.rfc-editor.org/rfc/rfc8659#section-4.1.1. */
function authorization(text: string): CaaData | null {
  const [, flags, tag, value = ''] = /^(\d+) (\w+) "(.*)"$/.exec(text) ?? [];
  if (tag !== 'issue' && tag !== 'issuewild' && tag !== 'iodef') return null;
  return { flags: Number(flags), tag, value };
}

/** The time for which a SOA, and with it a negative answer, is cached, in s: the value of DNSPod's servers. */
const negativeTtlS = 180;

function startOfAuthority(name: string, server: string, serial: number): Answer {
  const times = { refresh: 3600, retry: 180, expire: 1_209_600, minimum: negativeTtlS };
  const data = { mname: server, rname: 'freednsadmin.dnspod.com', serial, ...times };
  return { type: 'SOA', name, ttl: negativeTtlS, data };
}

/** Returns the zone's SOA; its serial is the time of the latest change of a record, in s. */
export function zoneAuthority(zone: WorldZone): Answer {
  const changed = zone.records.reduce((latest, record) => Math.max(latest, record.updatedAt), zone.createdAt);
  const own = zone.records.find((record) => record.defaultNs)?.value ?? 'f1g1ns1.dnspod.net';
  return startOfAuthority(canonicalName(zone.name), canonicalName(own), Math.floor(changed / 1000));
}

/** Returns the SOA of the domain that contains load balancers' own names: everything after the first label. */
export function balancerAuthority(name: string): Answer {
  return startOfAuthority(name.split('.').slice(1).join('.'), 'f1g1ns1.dnspod.net', 1);
}

/** Returns the lower-case name without a final dot. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Returns the most specific enabled zone that contains a (canonical) name; null when the sandbox has none. */
export function findServedZone(world: World, name: string): WorldZone | null {
  const zones = Object.values(world.accounts)
    .flatMap((account) => Object.values(account.zones))
    .filter(
      (zone) =>
        zone.enabled && (name === zone.name.toLowerCase() || name.endsWith(`.${zone.name.toLowerCase()}`)),
    );
  return zones.toSorted((a, b) => b.name.length - a.name.length)[0] ?? null;
}

/** Returns the load balancer with this own name. An isolated one has lost its address. */
export function findBalancer(world: World, name: string): WorldLoadBalancer | null {
  return (
    Object.values(world.accounts)
      .flatMap((account) => Object.values(account.loadBalancers))
      .find(
        (balancer) =>
          balancer.domain !== null && canonicalName(balancer.domain) === name && !balancer.isolated,
      ) ?? null
  );
}

/** Returns the full name of a record's owner, canonical; `@` is the zone itself. */
function ownerName(zoneName: string, record: WorldRecord): string {
  return record.subdomain === '@' || record.subdomain === ''
    ? zoneName
    : `${record.subdomain.toLowerCase()}.${zoneName}`;
}

export type OwnedZone =
  /** Enabled records of all lines. */
  | { readonly kind: 'records'; readonly records: readonly WorldRecord[] }
  /** The name exists only as the parent of others (RFC 8020): no data, but no NXDOMAIN either. */
  | { readonly kind: 'parent' }
  | { readonly kind: 'none' };

/** Returns what a zone has at a name: its own records, otherwise those of the closest wildcard (RFC 4592). */
export function recordsAt(zone: WorldZone, name: string): OwnedZone {
  const zoneName = canonicalName(zone.name);
  const at = (owner: string) =>
    zone.records.filter((record) => record.enabled && ownerName(zoneName, record) === owner);
  const own = at(name);
  if (own.length > 0) return { kind: 'records', records: own };
  const owners = zone.records.filter((record) => record.enabled).map((record) => ownerName(zoneName, record));
  if (name === zoneName || owners.some((owner) => owner.endsWith(`.${name}`))) return { kind: 'parent' };
  const labels = name.split('.');
  for (let cut = 1; cut <= labels.length - zone.name.split('.').length; cut += 1) {
    const parent = labels.slice(cut).join('.');
    const wild = at(`*.${parent}`);
    if (wild.length > 0) return { kind: 'records', records: wild };
    // A wildcard does not reach past an existing name.
    if (owners.some((owner) => owner === parent || owner.endsWith(`.${parent}`))) return { kind: 'none' };
  }
  return { kind: 'none' };
}

/**
 * Returns, from records of one name, those that a client of the line gets for some types: the whole set of its most
 * specific line that has any (https://docs.dnspod.cn/dns/help-line/). An alias answers for every type.
 */
export function ofLine(
  records: readonly WorldRecord[],
  lineId: string,
  answers: (record: WorldRecord) => boolean,
): readonly WorldRecord[] {
  for (const id of lineChain(lineId)) {
    const found = records.filter((record) => record.lineId === id && answers(record));
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * Returns the name servers that a name below the zone's apex is delegated to: its closest ancestor's, or its own (RFC
 * 1034 §4.2).
 */
export function findDelegation(
  zone: WorldZone,
  name: string,
): { readonly at: string; readonly servers: readonly WorldRecord[] } | null {
  const zoneName = canonicalName(zone.name);
  const servers = zone.records.filter(
    (record) =>
      record.type === 'NS' &&
      record.enabled &&
      record.lineId === defaultLineId &&
      ownerName(zoneName, record) !== zoneName,
  );
  if (servers.length === 0) return null;
  const labels = name.split('.');
  // The highest zone cut wins: this zone has no authority below it.
  for (let cut = labels.length - zone.name.split('.').length - 1; cut >= 0; cut -= 1) {
    const at = labels.slice(cut).join('.');
    const found = servers.filter((record) => ownerName(zoneName, record) === at);
    if (found.length > 0) return { at, servers: found };
  }
  return null;
}
