import { leadsTo } from '@/lib/estate/dns-target';
import { isPartlyUnread } from '@/lib/estate/gaps';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { type MovedName, movedNames } from '@/lib/preflight/model/record-sets';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings('dns-lines', sources.lines);

/** DNSPod's line for clients that no other line fits. */
const defaultLineId = '0';

/**
 * Returns enabled records on lines where the plan writes nothing and that point elsewhere: their clients stay behind.
 */
function leftBehind(
  { before }: CheckInput,
  { hostName, route, zone, sets }: MovedName,
): readonly DnsRecord[] {
  const moved = new Set(sets.map(({ ref }) => ref.lineId));
  return listAddressRecords(before, hostName).filter(
    (r) =>
      r.enabled &&
      r.zone === zone.name &&
      r.type !== 'AAAA' &&
      !moved.has(r.lineId) &&
      !leadsTo(r, route.loadBalancer),
  );
}

function findingsOfName(input: CheckInput, name: MovedName): readonly Finding[] {
  const { hostName, route, zone, sets } = name;
  const field = routeFieldName(route, 'domain');
  const nameOfLine = (lines: readonly string[]) => [...new Set(lines)].join(', ');
  const left = leftBehind(input, name);
  if (left.length > 0) {
    const values = { domain: hostName, lines: nameOfLine(left.map(({ line }) => line)) };
    return [block({ field, objects: left.map(({ id }) => String(id)), why: 'left', values })];
  }
  const values = { domain: hostName, plan: zone.grade, count: sets.length };
  const found = { field, objects: [hostName], values };
  const special = sets.filter(({ ref }) => ref.lineId !== defaultLineId);
  if (special.length === 0) return [pass({ ...found, why: 'defaultLine' })];
  const grade = zone.grade.toUpperCase();
  const known = input.estate.dnsLines.find((each) => each.grade.toUpperCase() === grade);
  const lines = nameOfLine(special.map(({ ref }) => ref.line));
  if (known === undefined) return [unknown({ ...found, why: 'unread', values: { ...values, lines } })];
  const foreign = special.filter(({ ref }) => !known.lines.some(({ id }) => id === ref.lineId));
  if (foreign.length === 0) return [pass({ ...found, why: 'pass' })];
  if (isPartlyUnread(input.estate, 'dnspod-lines'))
    return [unknown({ ...found, why: 'unread', values: { ...values, lines } })];
  const theirs = nameOfLine(foreign.map(({ ref }) => ref.line));
  return [warn({ ...found, why: 'notInPlan', values: { ...values, lines: theirs } })];
}

/**
 * Checks that each name moves on all lines that it answers on. DNSPod answers by where a client comes from, and clients
 * of an unchanged line do not follow. Lines that the zone's plan does not include can be served but not written.
 */
export const checkDnsLines: Check = (input) =>
  movedNames(input).flatMap((name) => findingsOfName(input, name));
