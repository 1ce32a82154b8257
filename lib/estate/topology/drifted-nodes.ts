import { getHostName } from '@/lib/estate/look-up';
import type { ObjectRef } from '@/lib/estate/object';
import { listNodeIds, type NodeId, type TopologyRoute } from './route';

/** Returns whether a route passes an object, and the part of the route's nodes that shows it. */
function findNode(route: TopologyRoute, object: ObjectRef): NodeId | null {
  const { host, loadBalancer, listener, rule, backend } = route;
  switch (object.kind) {
    case 'recordSet':
      return host !== null && host === getHostName(object) ? `host:${host}` : null;
    case 'loadBalancer':
      return loadBalancer?.region === object.region && loadBalancer.name === object.name
        ? `lb:${loadBalancer.id}`
        : null;
    case 'listener':
      return listener?.loadBalancerId === object.loadBalancerId &&
        listener.protocol === object.protocol &&
        listener.port === object.port
        ? `ls:${listener.id}`
        : null;
    case 'rule':
      return rule?.listenerId === object.listenerId &&
        rule.url === object.url &&
        rule.domains.includes(object.domain)
        ? `ru:${rule.id}`
        : null;
    case 'provisioned':
      return backend?.kind === 'scf' &&
        backend.region === object.region &&
        backend.namespace === object.namespace &&
        backend.name === object.name
        ? (listNodeIds(route).at(-1) ?? null)
        : null;
  }
}

/** Returns the ids of the nodes that show any of the objects. Objects of another account are in its own estate. */
export function findDriftedNodes(
  routes: readonly TopologyRoute[],
  objects: readonly ObjectRef[],
): ReadonlySet<string> {
  const own = objects.filter(({ connectionId }) => connectionId === undefined);
  if (own.length === 0) return new Set();
  return new Set(
    routes.flatMap((route) => own.map((object) => findNode(route, object))).filter((id) => id !== null),
  );
}
