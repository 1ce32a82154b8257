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

/** Where a request ends: a pool of targets (CVM and the like) or a function. */
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
      /** null = bound, but not among the functions that were read. */
      readonly function: ScfFunction | null;
    };

/**
 * One way through the estate, from a name to a backend. A part is null where the way does not have it:
 * a load balancer without a record, a record that leads nowhere known, a layer-4 listener (no rule).
 */
export type Route = {
  readonly host: string | null;
  readonly record: DnsRecord | null;
  readonly loadBalancer: LoadBalancer | null;
  readonly listener: Listener | null;
  readonly rule: Rule | null;
  readonly backend: Backend | null;
};

/** The end of a node's id names the object; the start its kind, so that ids of two kinds never meet. */
export type NodeId = `${'host' | 'lb' | 'ls' | 'ru' | 'be'}:${string}`;

export function hostNodeId(host: string): NodeId {
  return `host:${host}`;
}

/** Pools of one load balancer with the same targets are one node; so are bindings of one function version. */
export function backendNodeId(backend: Backend): NodeId {
  if (backend.kind === 'scf') {
    const version = backend.binding === null ? '' : `:${backend.binding.qualifier}`;
    return `be:${backend.region}/${backend.namespace}/${backend.name}${version}`;
  }
  const members = backend.targets.map(targetText).sort();
  return `be:${backend.loadBalancerId}/${members.join(',')}`;
}

/** The nodes that a route passes, in order. */
export function nodeIdsOf(route: Route): readonly NodeId[] {
  return [
    route.host === null ? null : hostNodeId(route.host),
    route.loadBalancer && (`lb:${route.loadBalancer.id}` as const),
    route.listener && (`ls:${route.listener.id}` as const),
    route.rule && (`ru:${route.rule.id}` as const),
    route.backend && backendNodeId(route.backend),
  ].filter((id) => id !== null);
}

/** A stable key of a route among the others. */
export function routeKey(route: Route): string {
  return [route.record?.id ?? '', ...nodeIdsOf(route)].join('>');
}

/** The region of a route: that of its load balancer, or of a function bound to none. */
export function regionOf(route: Route): string | null {
  return route.loadBalancer?.region ?? route.backend?.region ?? null;
}

/** Whether text, from an address bar for instance, has the form of a node's id. */
export function isNodeId(text: string | null | undefined): text is NodeId {
  return /^(host|lb|ls|ru|be):./.test(text ?? '');
}
