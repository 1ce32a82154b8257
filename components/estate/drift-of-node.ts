import type { TopologyNode } from '@/components/topology/group';
import type { DriftedView } from '@/lib/client/drift-views';
import { getHostName } from '@/lib/estate/look-up';
import type { ObjectRef } from '@/lib/estate/object';

/** Returns whether an object is shown by a node of the estate. */
function isOfNode(object: ObjectRef, node: TopologyNode): boolean {
  switch (object.kind) {
    case 'recordSet':
      return node.kind === 'host' && node.host === getHostName(object);
    case 'rule': {
      if (node.kind !== 'rule') return false;
      const { listenerId, domains, url } = node.rule;
      return listenerId === object.listenerId && url === object.url && domains.includes(object.domain);
    }
    case 'loadBalancer':
      return (
        node.kind === 'loadBalancer' &&
        node.region === object.region &&
        node.loadBalancer.name === object.name
      );
    case 'listener': {
      if (node.kind !== 'listener') return false;
      const { loadBalancerId, protocol, port } = node.listener;
      return loadBalancerId === object.loadBalancerId && protocol === object.protocol && port === object.port;
    }
    case 'provisioned': {
      if (node.kind !== 'backend' || node.backend.kind !== 'scf') return false;
      const { region, namespace, name } = node.backend;
      return region === object.region && namespace === object.namespace && name === object.name;
    }
  }
}

/**
 * Returns the drift of the objects that a node of the estate shows. Objects in another account are in that account's
 * estate.
 */
export function driftOfNode(drifted: readonly DriftedView[], node: TopologyNode): readonly DriftedView[] {
  return drifted.filter(({ object }) => object.connectionId === undefined && isOfNode(object, node));
}
