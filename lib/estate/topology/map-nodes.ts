import { poolName } from '@/lib/estate/pool-name';
import { getShownAddress, isDown } from './find-routes';
import type { MapDrawing } from './map-drawing';
import type { MapBackend, MapCounts, MapMarks, MapNode } from './map-model';
import { drawRecords, type HostRecords } from './map-records';
import { countBehind } from './map-tally';
import { type Backend, hostNodeId, listNodeIds, type NodeId, type TopologyRoute } from './route';

/** Draws the nodes of a map, each with its marks, and one for each group that it leaves out. */
export function drawNodes(
  routes: readonly TopologyRoute[],
  { ids, opened, more }: MapDrawing,
  drifted: ReadonlySet<string>,
  isWhole: boolean,
  records: HostRecords,
): readonly MapNode[] {
  const behind = countBehind(routes, ids, drifted);
  const drawn = new Map<NodeId, MapNode>();
  for (const route of routes) {
    for (const id of listNodeIds(route)) {
      const found = behind.get(id);
      if (!ids.has(id) || drawn.has(id) || found === undefined) continue;
      const isOpen = isWhole ? null : opened.has(id);
      const node = drawNode(route, id, found.marks, { isOpen, counts: found.counts }, records);
      if (node !== null) drawn.set(id, node);
    }
  }
  return [...drawn.values(), ...[...more].map(([id, rest]): MapNode => ({ id, kind: 'more', ...rest }))];
}

function drawNode(
  route: TopologyRoute,
  id: NodeId,
  marks: MapMarks,
  opening: { readonly isOpen: boolean | null; readonly counts: MapCounts },
  records: HostRecords,
): MapNode | null {
  const { loadBalancer, listener, rule, backend } = route;
  if (route.host !== null && id === hostNodeId(route.host))
    return {
      id,
      kind: 'host',
      host: route.host,
      ...drawRecords(id, records),
      marks,
    };
  if (loadBalancer !== null) {
    const { region, name } = loadBalancer;
    if (id === `lb:${loadBalancer.id}`) {
      const address = getShownAddress(loadBalancer);
      const isClassic = loadBalancer.generation === 'classic';
      return {
        id,
        kind: 'loadBalancer',
        region,
        name,
        address,
        isClassic,
        isDown: isDown(loadBalancer),
        marks,
        ...opening,
      };
    }
    if (listener !== null && id === `ls:${listener.id}`) {
      const { protocol, port } = listener;
      return { id, kind: 'listener', region, protocol, port, marks, ...opening };
    }
    if (rule !== null && id === `ru:${rule.id}`) {
      const { domain, url, redirectsTo } = rule;
      return { id, kind: 'rule', region, domain, url, isRedirect: redirectsTo !== null, marks };
    }
  }
  return backend === null
    ? null
    : { id, kind: 'backend', region: backend.region, backend: drawBackend(backend), marks };
}

function drawBackend(backend: Backend): MapBackend {
  if (backend.kind === 'cvm') {
    const ports = [...new Set(backend.targets.map(({ port }) => port))].sort((a, b) => a - b);
    return { kind: 'cvm', name: poolName(backend.targets), targets: backend.targets.length, ports };
  }
  const { namespace, name, binding, function: read } = backend;
  const qualifier = binding?.qualifier ?? null;
  return {
    kind: 'scf',
    namespace,
    name,
    qualifier,
    read: read && { type: read.type, runtime: read.runtime },
  };
}
