import type { WorldLoadBalancer } from '../world/clb';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import type { World } from '../world/world';

/** DNSPod's id of the line that serves everyone: https://cloud.tencent.com/document/api/1427/56167. */
const DEFAULT_LINE = '0';

/** Lower-case name without a final dot. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The enabled zone that a name (canonical) lies in, the most specific one; null when none of ours. */
export function zoneOf(world: World, name: string): WorldZone | null {
  const zones = Object.values(world.accounts)
    .flatMap((account) => Object.values(account.zones))
    .filter(
      (zone) =>
        zone.enabled && (name === zone.name.toLowerCase() || name.endsWith(`.${zone.name.toLowerCase()}`)),
    );
  return zones.toSorted((a, b) => b.name.length - a.name.length)[0] ?? null;
}

/** The load balancer whose own name this is. One that is isolated has lost its address. */
export function balancerOf(world: World, name: string): WorldLoadBalancer | null {
  return (
    Object.values(world.accounts)
      .flatMap((account) => Object.values(account.loadBalancers))
      .find(
        (balancer) =>
          balancer.domain !== null && canonicalName(balancer.domain) === name && !balancer.isolated,
      ) ?? null
  );
}

/** Records of a zone that are enabled, on the default line. */
function servedRecords(zone: WorldZone): WorldRecord[] {
  return zone.records.filter((record) => record.enabled && record.lineId === DEFAULT_LINE);
}

/** Full name of a record's owner, canonical; `@` is the zone itself. */
function ownerName(zone: WorldZone, record: WorldRecord): string {
  const zoneName = canonicalName(zone.name);
  return record.subdomain === '@' || record.subdomain === ''
    ? zoneName
    : `${record.subdomain.toLowerCase()}.${zoneName}`;
}

export type Owned =
  | { readonly kind: 'records'; readonly records: readonly WorldRecord[] }
  /** The name exists only as the parent of others (RFC 8020): no data, but no NXDOMAIN either. */
  | { readonly kind: 'parent' }
  | { readonly kind: 'none' };

/** What a zone has at a name: its own records, else those of the closest wildcard (RFC 4592). */
export function recordsAt(zone: WorldZone, name: string): Owned {
  const served = servedRecords(zone).map((record) => ({ record, owner: ownerName(zone, record) }));
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
