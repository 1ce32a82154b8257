import type { SwitchDiversion } from '@/lib/diversion/switch';
import { type DnsTarget, getDnsTarget, isOtherFamily, leadsTo } from '@/lib/estate/dns-target';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import { recordKey } from '@/lib/estate/object-state';
import { getShare } from '@/lib/estate/record-shares';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { excludingRecords, isFlip } from '@/lib/plan/model/switch-sides';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding, Fix } from '@/lib/preflight/model/model';
import { routeFieldName, routesByName } from '@/lib/preflight/model/routes';

const { pass, block, warn } = createFindings('switch-dns', sources.weights);

/** The fix that moves everything at once by changing a record in place. */
const flipFix: Fix = { label: 'flip', values: {}, patch: { field: 'ramp', value: '100' } };

type Side = { readonly resolved: ResolvedRoute; readonly target: DnsTarget };

/**
 * Returns the fix that gives both sides the same kind of address: a load balancer that the plan creates can have
 * either.
 */
function sameKindFix({ diversion }: CheckInput, gaining: Side, other: Side): Fix {
  for (const [side, wanted] of [
    [gaining, other.target],
    [other, gaining.target],
  ] as const) {
    const { id, name, network } = side.resolved.loadBalancer;
    const nth = diversion.creates.loadBalancers.findIndex((made) => made.id === id);
    if (nth === -1 || network !== 'OPEN' || wanted.type === 'AAAA') continue;
    const value = wanted.type === 'CNAME' ? 'domain' : 'fixed';
    const field = `creates.loadBalancers.${nth}.address` as const;
    return { label: 'sameKind', values: { name, kind: value }, patch: { field, value } };
  }
  return flipFix;
}

/**
 * Returns the finding on the address types of both sides, independent of the current records; null if both work
 * together.
 */
function kindFinding(input: CheckInput, gaining: Side): Finding | null {
  const { diversion, routes } = input;
  const resolved = routes.find(({ route }) => route.to !== gaining.resolved.route.to);
  const target = resolved && getDnsTarget(resolved.loadBalancer);
  if (resolved === undefined || target === undefined || target.type === gaining.target.type) return null;
  const { loadBalancer, hostName: domain } = gaining.resolved;
  const values = {
    name: loadBalancer.name,
    type: gaining.target.type,
    other: resolved.loadBalancer.name,
    otherType: target.type,
    domain,
  };
  const found = {
    field: routeFieldName(gaining.resolved, 'loadBalancerId'),
    objects: [loadBalancer.id],
    values,
  };
  if (gaining.target.type !== 'CNAME' && target.type !== 'CNAME') return block({ ...found, why: 'families' });
  if (diversion.kind !== 'switch' || isFlip(diversion.ramp)) return null;
  return block({ ...found, why: 'kinds', fix: sameKindFix(input, gaining, { resolved, target }) });
}

/** The records without a weight that are on beside one that has a weight, on the same line. */
function mixedLines(records: readonly DnsRecord[]): readonly DnsRecord[] {
  const on = records.filter(({ enabled }) => enabled);
  const weighted = new Set(on.filter(({ weight }) => weight).map(({ lineId }) => lineId));
  return on.filter(({ weight, lineId }) => !weight && weighted.has(lineId));
}

/**
 * Returns a warning for each line on which the first share of a ramp is smaller than the one that the gaining side
 * already has: traffic would first move away from it.
 */
function lowersFindings(
  { ramp }: SwitchDiversion,
  gaining: ResolvedRoute,
  records: readonly DnsRecord[],
): readonly Finding[] {
  const { loadBalancer } = gaining;
  const target = getDnsTarget(loadBalancer);
  const first = ramp[0]?.percent ?? 100;
  return [...new Set(records.map(({ lineId }) => lineId))].flatMap((lineId) => {
    const line = records.filter((record) => record.lineId === lineId && !isOtherFamily(record, target));
    const isOwn = (record: DnsRecord) => leadsTo(record, loadBalancer);
    const share = getShare(line, isOwn);
    // A side without other records on its line keeps all of it.
    const hasOthers = line.some((record) => record.enabled && !isOwn(record));
    if (share === null || share <= first || !hasOthers) return [];
    const rising = ramp.flatMap(({ percent }) => (percent > share ? [percent] : []));
    const values = {
      domain: gaining.hostName,
      line: line[0]?.line ?? '',
      lineId,
      name: loadBalancer.name || loadBalancer.id,
      share: Math.round(share),
      first,
    };
    const fix: Fix | null =
      rising.length === 0
        ? null
        : {
            label: 'keepShare',
            values: { first: rising[0] ?? 100 },
            patch: { field: 'ramp', value: rising.join(',') },
          };
    const objects = line.flatMap(({ id, enabled }) => (enabled ? [String(id)] : []));
    return [warn({ field: 'ramp', objects, why: 'lowers', values, fix })];
  });
}

/**
 * A Switch moves shares by the weights and status of coexisting records. A CNAME and an address can't coexist: then the
 * whole name moves at once, by one record that changes in place. A and AAAA answer different clients, so neither takes
 * a share of the other. A ramp needs weights, which not every DNS plan has. No API reports that, but an existing weight
 * in the zone proves it. The shares of records with and without weights side by side are undocumented: if DNSPod
 * doesn't remove a weight, a rollback can't restore them.
 */
export const checkSwitchDns: Check = (input) =>
  routesByName(input).flatMap((routes) => checkName({ ...input, routes }));

/** Checks one name. @param input with the routes of this name alone */
function checkName(input: CheckInput): readonly Finding[] {
  const { diversion, estate, routes } = input;
  if (diversion.kind !== 'switch') return [];
  const gaining = routes.find(({ route }) => route.to === diversion.toward);
  const target = gaining && getDnsTarget(gaining.loadBalancer);
  if (gaining === undefined || target === undefined) return [];
  const kinds = kindFinding(input, { resolved: gaining, target });
  if (kinds !== null) return [kinds];
  if (gaining.zone === undefined) return [];
  const records = listAddressRecords(estate, gaining.hostName).filter((r) => r.zone === gaining.zone?.name);
  const others = excludingRecords(records, gaining.loadBalancer);
  const record = others.map(recordKey).join(', ');
  const values = { domain: gaining.hostName, record, plan: gaining.zone.grade };
  const objects = others.map(({ id }) => String(id));
  const found = { field: routeFieldName(gaining, 'domain'), objects, values };
  if (isFlip(diversion.ramp))
    return others.length > 0 ? [pass({ ...found, why: 'inPlace' })] : [pass({ ...found, why: 'pass' })];
  if (others.length > 0) return [block({ ...found, why: 'types', fix: flipFix })];
  const mixed = mixedLines(records);
  if (mixed.length > 0) {
    const on = { ...values, record: mixed.map(recordKey).join(', ') };
    const those = mixed.map(({ id }) => String(id));
    return [block({ ...found, values: on, objects: those, why: 'mixedWeights', fix: flipFix })];
  }
  const lowers = lowersFindings(diversion, gaining, records);
  const isWeighted = estate.records.some((r) => r.zone === gaining.zone?.name && (r.weight ?? 0) > 0);
  if (isWeighted) return [pass({ ...found, why: 'weighted' }), ...lowers];
  // Weights used to be limited to paid plans; no current document says so.
  const isFree = /free/i.test(values.plan);
  return [isFree ? warn({ ...found, why: 'weightsFree' }) : warn({ ...found, why: 'weights' }), ...lowers];
}
