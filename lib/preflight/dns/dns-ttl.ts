import type { ParamValue, WriteCall } from '@/lib/estate/call';
import { getHostName } from '@/lib/estate/look-up';
import type { DnsZone } from '@/lib/estate/model';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { movedNames, writtenSets } from '@/lib/preflight/model/record-sets';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block, unknown } = createFindings('dns-ttl', sources.dnsPlans);

function isField(value: ParamValue): value is { readonly Key: string; readonly Value: string } {
  return typeof value === 'object' && 'Key' in value && 'Value' in value;
}

/** Returns the TTL that a call sends, in seconds: on its own, or with the rest of a record; null = none. */
function sentTtl({ params }: WriteCall): number | null {
  if (typeof params.TTL === 'number') return params.TTL;
  const fields = Array.isArray(params.FieldList) ? params.FieldList.filter(isField) : [];
  const ttl = fields.find(({ Key }) => Key === 'ttl');
  return ttl === undefined ? null : Number(ttl.Value);
}

/**
 * Returns the zones of names for which a lower TTL is requested: those that move, or would once everything is chosen.
 */
function listZones({ diversion, routes }: CheckInput): readonly DnsZone[] {
  const moving = routes.filter(({ route }) => diversion.kind === 'switch' || route.to === 'function');
  return [...new Map(moving.flatMap(({ zone }) => (zone ? [[zone.id, zone] as const] : []))).values()];
}

function loweredFindings(input: CheckInput, lowerTtlS: number): readonly Finding[] {
  return listZones(input).map((zone): Finding => {
    const values = { zone: zone.name, plan: zone.grade, ttl: lowerTtlS, floor: zone.minTtlS ?? 0 };
    const found = { field: 'lowerTtlS' as const, objects: [zone.name], values };
    if (zone.minTtlS === null) return unknown({ ...found, why: 'unread' });
    if (lowerTtlS >= zone.minTtlS) return pass({ ...found, why: 'pass' });
    const patch = { field: 'lowerTtlS' as const, value: String(zone.minTtlS) };
    return block({
      ...found,
      why: 'belowFloor',
      fix: { label: 'useTtl', values: { ttl: zone.minTtlS }, patch },
    });
  });
}

/**
 * Returns findings on TTLs that records kept from before a downgrade of their zone's plan, and that a call would send
 * again.
 */
function keptFindings(input: CheckInput): readonly Finding[] {
  const written = [...writtenSets(input.steps), ...writtenSets(input.rollback)];
  return movedNames(input).flatMap(({ hostName, route, zone }): readonly Finding[] => {
    const floor = zone.minTtlS;
    if (floor === null) return [];
    const own = written.filter(({ ref }) => getHostName(ref) === hostName);
    const sent = own.flatMap(({ writes }) => writes.flatMap(({ call }) => sentTtl(call) ?? []));
    const ttl = sent.find((each) => each < floor && each !== input.diversion.lowerTtlS);
    if (ttl === undefined) return [];
    const values = { domain: hostName, plan: zone.grade, ttl, floor };
    const found = { field: routeFieldName(route, 'domain'), objects: [hostName], values };
    return [block({ ...found, why: 'kept', fix: { label: 'raiseTtl', values, patch: null } })];
  });
}

/**
 * Checks that no TTL sent on apply or rollback is below the minimum of the zone's plan: DNSPod rejects such a record
 * (`LimitExceeded.RecordTtlLimit`).
 */
export const checkDnsTtl: Check = (input) => {
  const { lowerTtlS } = input.diversion;
  // An invalid TTL is rejected elsewhere.
  const isTtl = lowerTtlS !== null && Number.isInteger(lowerTtlS) && lowerTtlS > 0;
  const lowered = isTtl ? loweredFindings(input, lowerTtlS) : [];
  const findings = [...lowered, ...keptFindings(input)];
  return findings.length > 0 ? findings : [pass({ field: null, objects: [], why: 'asItIs' })];
};
