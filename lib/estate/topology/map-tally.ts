import { countUnhealthy, isDown } from './find-routes';
import type { MapCounts, MapMarks } from './map-model';
import { listNodeIds, type TopologyRoute } from './route';

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
export function countBehind(
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
