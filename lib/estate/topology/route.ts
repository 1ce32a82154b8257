import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LoadBalancerId } from '@/lib/estate/ids';
import type {
  BoundFunction,
  DnsRecord,
  Listener,
  LoadBalancer,
  Rule,
  ScfFunction,
  Target,
} from '@/lib/estate/model';
import { targetText } from '@/lib/estate/target';

/** The end of a route: a pool of targets (CVM and the like) or a function. */
export type Backend =
  | {
      readonly kind: 'cvm';
      readonly region: string;
      readonly loadBalancerId: LoadBalancerId;
      readonly targets: readonly Target[];
    }
  | {
      readonly kind: 'scf';
      readonly region: string;
      readonly namespace: string;
      readonly name: string;
      /** null = bound to no rule. */
      readonly binding: BoundFunction | null;
      /** null = bound, but missing from the snapshot's functions. */
      readonly function: ScfFunction | null;
    };

/**
 * One route through the estate, from a name to a backend. A part is null if the route does not have it: a load balancer
 * without a record, a record with an unknown destination, a layer-4 listener (no rule).
 */
export type TopologyRoute = {
  readonly host: string | null;
  readonly record: DnsRecord | null;
  readonly loadBalancer: LoadBalancer | null;
  readonly listener: Listener | null;
  readonly rule: Rule | null;
  readonly backend: Backend | null;
};

/** A node's id ends with the object's id and starts with its kind, so that ids of two kinds never collide. */
export type NodeId = `${'host' | 'lb' | 'ls' | 'ru' | 'be'}:${string}`;

export function hostNodeId(host: string): NodeId {
  return `host:${host}`;
}

/** The longest list of targets that an id of a node has: ids are part of addresses. */
const membersMax = 120;

/**
 * Returns the id of a backend's node. Pools of one load balancer with the same targets share one node; so do bindings
 * of one function version. A long list of targets is shortened to its first one and a hash of all.
 */
export function backendNodeId(backend: Backend): NodeId {
  if (backend.kind === 'scf') {
    const version = backend.binding === null ? '' : `:${backend.binding.qualifier}`;
    return `be:${backend.region}/${backend.namespace}/${backend.name}${version}`;
  }
  const members = backend.targets.map(targetText).sort();
  const all = members.join(',');
  const text =
    all.length <= membersMax ? all : `${members[0]}~${bytesToHex(sha256(utf8ToBytes(all))).slice(0, 16)}`;
  return `be:${backend.loadBalancerId}/${text}`;
}

const idsByRoute = new WeakMap<TopologyRoute, readonly NodeId[]>();

/** Returns the nodes that a route passes, in order. Kept by route: each view of a large estate asks for all of them. */
export function listNodeIds(route: TopologyRoute): readonly NodeId[] {
  const known = idsByRoute.get(route);
  if (known !== undefined) return known;
  const ids = [
    route.host === null ? null : hostNodeId(route.host),
    route.loadBalancer && (`lb:${route.loadBalancer.id}` as const),
    route.listener && (`ls:${route.listener.id}` as const),
    route.rule && (`ru:${route.rule.id}` as const),
    route.backend && backendNodeId(route.backend),
  ].filter((id) => id !== null);
  idsByRoute.set(route, ids);
  return ids;
}

/** Returns a stable key that distinguishes a route from others. */
export function routeKey(route: TopologyRoute): string {
  return [route.record?.id ?? '', ...listNodeIds(route)].join('>');
}

/** Returns the region of a route: that of its load balancer, or of a function bound to none. */
export function getRouteRegion(route: TopologyRoute): string | null {
  return route.loadBalancer?.region ?? route.backend?.region ?? null;
}
