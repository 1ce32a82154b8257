import { getDnsTarget } from '@/lib/estate/dns-target';
import { isPartlyUnread, isUnread } from '@/lib/estate/gaps';
import { addressRecordTypes, getSubdomain, listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import type { RecordSetState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import { findDnsChange } from '@/lib/plan/model/dns-change';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { movedNames, type WrittenSet } from '@/lib/preflight/model/record-sets';
import { routeFieldName, routesByName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown, outage } = createFindings('dns-record', sources.domainNamed);

/** Returns disabled records with the value that their line needs, beside enabled types that exclude it. */
function takenBy(records: readonly DnsRecord[], route: ResolvedRoute): readonly DnsRecord[] {
  return [...new Set(records.map((r) => r.lineId))].flatMap((lineId) => {
    const way = findDnsChange(
      records.filter((r) => r.lineId === lineId),
      route.loadBalancer,
    );
    return way.kind === 'taken' ? [way.record] : [];
  });
}

/**
 * Returns enabled records of other kinds (MX, TXT, NS, …) where the plan adds a CNAME, which can't coexist with others
 * on its line.
 */
function besideCname({ before }: CheckInput, sets: readonly WrittenSet[]): readonly DnsRecord[] {
  const hasCname = ({ records }: RecordSetState) => records.some((r) => r.enabled && r.type === 'CNAME');
  // Where one already exists, DNSPod has accepted it.
  const added = sets.filter(
    ({ states: [first, ...later] }) => !(first && hasCname(first)) && later.some(hasCname),
  );
  return added.flatMap(({ ref }) =>
    before.records.filter(
      (r) =>
        r.enabled &&
        r.zone === ref.zone &&
        r.subdomain === ref.subdomain &&
        r.lineId === ref.lineId &&
        // A CNAME is impossible at an apex, with or without other records.
        r.subdomain !== '@' &&
        !addressRecordTypes.includes(r.type),
    ),
  );
}

function nameFindings(input: CheckInput, route: ResolvedRoute, sets: readonly WrittenSet[]): Finding[] {
  const { estate } = input;
  const target = getDnsTarget(route.loadBalancer);
  const field = routeFieldName(route, 'domain');
  const values = { domain: route.hostName, name: route.loadBalancer.name };
  const found = { field, objects: [route.hostName], values };
  if (target === undefined) return [block({ ...found, why: 'noAddress' })];
  // A name without a zone has no records to check: `dns-zone` blocks it.
  if (route.zone === undefined)
    return isUnread(estate, 'dnspod') ? [unknown({ ...found, why: 'unread' })] : [];
  if (isPartlyUnread(estate, `dnspod/${route.zone.name}`)) return [unknown({ ...found, why: 'unread' })];

  const reasons: Finding[] = [];
  const isApex = getSubdomain(route.hostName, route.zone.name) === '@';
  if (isApex && target.type === 'CNAME') reasons.push(block({ ...found, why: 'apex' }));
  const all = listAddressRecords(estate, route.hostName).filter((r) => r.zone === route.zone?.name);
  for (const record of takenBy(all, route)) {
    const about = { domain: route.hostName, record: recordKey(record), line: record.line };
    const fix = { label: 'deleteRecord', values: about, patch: null };
    reasons.push(block({ ...found, objects: [String(record.id)], why: 'taken', values: about, fix }));
  }
  for (const record of besideCname(input, sets)) {
    const about = { domain: route.hostName, record: recordKey(record), line: record.line };
    const fix = { label: 'deleteBeside', values: about, patch: null };
    reasons.push(block({ ...found, objects: [String(record.id)], why: 'beside', values: about, fix }));
  }
  const records = all.filter((r) => r.enabled);
  if (records.some((r) => r.type === 'AAAA') && target.type === 'CNAME')
    reasons.push(
      isLedTo(input, route)
        ? outage({
            ...found,
            why: 'ipv6Off',
            domain: route.hostName,
            loss: `IPv6 ${route.loadBalancer.name}`,
          })
        : warn({ ...found, why: 'ipv6Off' }),
    );
  if (records.some((r) => r.type === 'AAAA') && target.type === 'A')
    reasons.push(warn({ ...found, why: 'ipv6' }));
  // Clients without IPv6 can't reach it, whether or not something answers for IPv4 now.
  if (target.type === 'AAAA')
    reasons.push(
      records.some((r) => r.type !== 'AAAA')
        ? warn({ ...found, why: 'ipv4' })
        : warn({ ...found, why: 'ipv6Only' }),
    );
  if (reasons.length > 0) return reasons;
  const ttl = Math.max(0, ...records.map((r) => r.ttlS));
  const what = `${target.type} ${target.value}`;
  return records.length === 0
    ? [pass({ ...found, why: 'new', values: { ...values, target: what } })]
    : [pass({ ...found, why: 'pass', values: { ...values, target: what, ttl } })];
}

/** Returns each name once, by the load balancer that it points at; for a Switch, by each side's. */
function ledNames(input: CheckInput): readonly ResolvedRoute[] {
  return routesByName(input).flatMap((routes) =>
    routes.filter(
      (route, index) => routes.findIndex((r) => r.loadBalancer.id === route.loadBalancer.id) === index,
    ),
  );
}

/**
 * Checks that DNS can point each domain at its load balancer: its records are known, there is an address to point at,
 * no CNAME at an apex or beside other records, no value taken by a disabled record, and no unreported clients left
 * behind on IPv6.
 */
export const checkDnsRecord: Check = (input) => {
  const sets = new Map(movedNames(input).map((name) => [name.hostName, name.sets]));
  return ledNames(input).flatMap((route) => nameFindings(input, route, sets.get(route.hostName) ?? []));
};
