import { defaultLineId, lineChain } from '@/lib/sandbox/model/dns/lines';
import type { WorldLoadBalancer } from '../world/clb';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import type { World } from '../world/world';

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
function ownerName(zone: WorldZone, record: WorldRecord): string {
  const zoneName = canonicalName(zone.name);
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
  const served = zone.records
    .filter((record) => record.enabled)
    .map((record) => ({ record, owner: ownerName(zone, record) }));
  const at = (owner: string) => served.filter((entry) => entry.owner === owner).map(({ record }) => record);
  const own = at(name);
  if (own.length > 0) return { kind: 'records', records: own };
  if (name === canonicalName(zone.name) || served.some(({ owner }) => owner.endsWith(`.${name}`)))
    return { kind: 'parent' };
  const labels = name.split('.');
  for (let cut = 1; cut <= labels.length - zone.name.split('.').length; cut += 1) {
    const parent = labels.slice(cut).join('.');
    const wild = at(`*.${parent}`);
    if (wild.length > 0) return { kind: 'records', records: wild };
    // A wildcard does not reach past an existing name.
    if (served.some(({ owner }) => owner === parent || owner.endsWith(`.${parent}`))) return { kind: 'none' };
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
      ownerName(zone, record) !== zoneName,
  );
  if (servers.length === 0) return null;
  const labels = name.split('.');
  // The highest zone cut wins: this zone has no authority below it.
  for (let cut = labels.length - zone.name.split('.').length - 1; cut >= 0; cut -= 1) {
    const at = labels.slice(cut).join('.');
    const found = servers.filter((record) => ownerName(zone, record) === at);
    if (found.length > 0) return { at, servers: found };
  }
  return null;
}
