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

/**
 * Returns the id of a backend's node. Pools of one load balancer with the same targets share one node; so do bindings
 * of one function version.
 */
export function backendNodeId(backend: Backend): NodeId {
  if (backend.kind === 'scf') {
    const version = backend.binding === null ? '' : `:${backend.binding.qualifier}`;
    return `be:${backend.region}/${backend.namespace}/${backend.name}${version}`;
  }
  const members = backend.targets.map(targetText).sort();
  return `be:${backend.loadBalancerId}/${members.join(',')}`;
}

/** Returns the nodes that a route passes, in order. */
export function listNodeIds(route: TopologyRoute): readonly NodeId[] {
  return [
    route.host === null ? null : hostNodeId(route.host),
    route.loadBalancer && (`lb:${route.loadBalancer.id}` as const),
    route.listener && (`ls:${route.listener.id}` as const),
    route.rule && (`ru:${route.rule.id}` as const),
    route.backend && backendNodeId(route.backend),
  ].filter((id) => id !== null);
}

/** Returns a stable key that distinguishes a route from others. */
export function routeKey(route: TopologyRoute): string {
  return [route.record?.id ?? '', ...listNodeIds(route)].join('>');
}

/** Returns the region of a route: that of its load balancer, or of a function bound to none. */
export function getRouteRegion(route: TopologyRoute): string | null {
  return route.loadBalancer?.region ?? route.backend?.region ?? null;
}

/** Returns whether text, from an address bar for instance, has the form of a node's id. */
export function isNodeId(text: string | null | undefined): text is NodeId {
  return /^(host|lb|ls|ru|be):./.test(text ?? '');
}
