import type { Answer, CaaData } from 'dns-packet';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import { canonicalName } from './zones';

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
