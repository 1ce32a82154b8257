import { poolName } from '@/lib/estate/pool-name';
import { countUnhealthy, getShownAddress, isDown } from './find-routes';
import type { MapDrawing } from './map-drawing';
import type { MapBackend, MapCounts, MapMarks, MapNode } from './map-model';
import { drawRecords, type HostRecords } from './map-records';
import { type Backend, hostNodeId, listNodeIds, type NodeId, type TopologyRoute } from './route';

/** The things at or behind a drawn node. Sets, because routes share what they pass. */
type Tally = {
  readonly listeners: Set<string>;
  readonly rules: Set<string>;
  readonly targets: Map<string, number>;
  readonly functions: Set<string>;
  readonly unhealthy: Map<string, number>;
  readonly drifted: Set<string>;
};

function collectTallies(
  routes: readonly TopologyRoute[],
  ids: ReadonlySet<string>,
  drifted: ReadonlySet<string>,
): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const route of routes) {
    const { loadBalancer, listener, rule, backend } = route;
    const nodes = listNodeIds(route);
    const end = `${rule?.id ?? listener?.id ?? ''}>${nodes.at(-1)}`;
    nodes.forEach((id, nth) => {
      if (!ids.has(id)) return;
      const known = tallies.get(id) ?? {
        listeners: new Set(),
        rules: new Set(),
        targets: new Map(),
        functions: new Set(),
        unhealthy: new Map(),
        drifted: new Set(),
      };
      tallies.set(id, known);
      if (listener) known.listeners.add(listener.id);
      if (rule) known.rules.add(rule.id);
      if (backend?.kind === 'cvm') known.targets.set(end, backend.targets.length);
      if (backend?.kind === 'scf') known.functions.add(nodes.at(-1) ?? '');
      if (backend) known.unhealthy.set(end, countUnhealthy(backend));
      if (loadBalancer && isDown(loadBalancer) && nth <= nodes.indexOf(`lb:${loadBalancer.id}`))
        known.unhealthy.set(loadBalancer.id, 1);
      if (listener?.stopped && nth <= nodes.indexOf(`ls:${listener.id}`)) known.unhealthy.set(listener.id, 1);
      for (const each of nodes.slice(nth)) if (drifted.has(each)) known.drifted.add(each);
    });
  }
  return tallies;
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, each) => total + each, 0);

/** Returns the marks and counts of each drawn node: of everything at or behind it, on the routes found. */
function countBehind(
  routes: readonly TopologyRoute[],
  ids: ReadonlySet<string>,
  drifted: ReadonlySet<string>,
): ReadonlyMap<string, { readonly marks: MapMarks; readonly counts: MapCounts }> {
  return new Map(
    [...collectTallies(routes, ids, drifted)].map(([id, tally]) => [
      id,
      {
        marks: { unhealthy: sum(tally.unhealthy.values()), drifted: tally.drifted.size },
        counts: {
          listeners: tally.listeners.size,
          rules: tally.rules.size,
          targets: sum(tally.targets.values()),
          functions: tally.functions.size,
        },
      },
    ]),
  );
}

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
