import { addressRecordsOf, dnsTargetOf, subdomainOf } from '@/lib/estate/look-up';
import { findingsOf, sources } from './finding';
import { type CheckedLane, lanesOf } from './lanes';
import type { Check, Finding, PreflightInput } from './model';

const { pass, warn, block } = findingsOf('dns-record', sources.domainNamed);

function laneFindings({ estate }: PreflightInput, lane: CheckedLane): Finding[] {
  const target = dnsTargetOf(lane.loadBalancer);
  const field = `${lane.prefix}.domain` as const;
  const values = { domain: lane.hostName, name: lane.loadBalancer.name };
  const found = { field, objects: [lane.hostName], values };
  if (target === undefined) return [block({ ...found, why: 'noAddress' })];

  const reasons: Finding[] = [];
  const isApex = lane.zone !== undefined && subdomainOf(lane.hostName, lane.zone.name) === '@';
  if (isApex && target.type === 'CNAME') reasons.push(block({ ...found, why: 'apex' }));
  const records = addressRecordsOf(estate, lane.hostName).filter((r) => r.enabled);
  if (records.some((r) => r.type === 'AAAA')) reasons.push(warn({ ...found, why: 'ipv6' }));
  if (reasons.length > 0) return reasons;
  const ttl = Math.max(0, ...records.map((r) => r.ttlS));
  const what = `${target.type} ${target.value}`;
  return records.length === 0
    ? [pass({ ...found, why: 'new', values: { ...values, target: what } })]
    : [pass({ ...found, why: 'pass', values: { ...values, target: what, ttl } })];
}

/** DNS can lead each domain to its load balancer: an address to point at, no CNAME at an apex, no stray IPv6 answer. */
export const checkDnsRecord: Check = (input) => lanesOf(input).flatMap((lane) => laneFindings(input, lane));
