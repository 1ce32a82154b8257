import type { DnsRecord, DnsZone } from '@/lib/estate/model';
import { seedRecord } from '@/lib/sandbox/seeds/parts';
import type { PlanName, WorldRecord, WorldZone } from '@/lib/sandbox/world/dnspod';
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
export function copyZone(zone: DnsZone, records: readonly DnsRecord[], since: number): WorldZone {
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
