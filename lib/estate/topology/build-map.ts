import type { DnsRecord, LoadBalancer } from '@/lib/estate/model';
import { poolName } from '@/lib/estate/pool-name';
import { countUnhealthy, filterRoutes, getShownAddress, isDown } from './find-routes';
import {
  type MapBackend,
  type MapColumn,
  type MapCounts,
  type MapLink,
  type MapMarks,
  type MapNode,
  type MapView,
  type MoreId,
  mapNodesMax,
  openAll,
  type TopologyMap,
} from './map-model';
import { listLinks } from './node';
import { type Backend, hostNodeId, listNodeIds, type NodeId, type TopologyRoute } from './route';

/** The most nodes of load balancers, names and functions on a page: the rest is for what is opened. */
const overviewMax = 180;
/** The names of a load balancer, and the unbound functions of a region, that are drawn without a focus. */
const namesShown = 3;
/** The children that an opened node shows without a focus. */
const childrenShown = 20;
/** The nodes up to which the result of a search is drawn whole, so that the routes found can be seen at once. */
const searchWholeMax = 80;
/** Records that a host's node has room for. */
const recordsShown = 8;

/** The parts of the routes found, each thing once, in the order of the estate. */
type Parts = {
  readonly balancers: ReadonlyMap<NodeId, LoadBalancer>;
  /** The names of a load balancer. */
  readonly names: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  /** The nodes directly behind a load balancer, a listener or a rule. */
  readonly children: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  /** Names whose records point at nothing in this estate. */
  readonly lost: ReadonlySet<NodeId>;
  /** Functions that no rule is bound to, by region. */
  readonly unbound: ReadonlyMap<string, ReadonlySet<NodeId>>;
};

function put<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function collectParts(routes: readonly TopologyRoute[]): Parts {
  const balancers = new Map<NodeId, LoadBalancer>();
  const names = new Map<NodeId, Set<NodeId>>();
  const children = new Map<NodeId, Set<NodeId>>();
  const lost = new Set<NodeId>();
  const unbound = new Map<string, Set<NodeId>>();
  for (const route of routes) {
    const { loadBalancer, backend } = route;
    const ids = listNodeIds(route);
    const host = route.host === null ? null : hostNodeId(route.host);
    if (loadBalancer === null) {
      if (host !== null) lost.add(host);
      else if (backend !== null) for (const id of ids) put(unbound, backend.region, id);
      continue;
    }
    const [balancer, ...tail] = host === null ? ids : ids.slice(1);
    if (balancer === undefined) continue;
    balancers.set(balancer, loadBalancer);
    if (host !== null) put(names, balancer, host);
    for (const [nth, id] of tail.entries()) put(children, tail[nth - 1] ?? balancer, id);
  }
  for (const set of names.values()) for (const id of set) lost.delete(id);
  return { balancers, names, children, lost, unbound };
}

/** Something of the first level of a map: a load balancer with its names, a lost name, or a region's unbound functions. */
type Item =
  | { readonly kind: 'balancer'; readonly id: NodeId; readonly names: readonly NodeId[] }
  | { readonly kind: 'lost'; readonly id: NodeId }
  | { readonly kind: 'unbound'; readonly region: string; readonly ids: readonly NodeId[] };

const { compare } = new Intl.Collator('en', { numeric: true });

function listItems({ balancers, names, lost, unbound }: Parts): readonly Item[] {
  const sorted = [...balancers].sort(
    ([, a], [, b]) => compare(a.region, b.region) || compare(a.name, b.name),
  );
  return [
    ...sorted.map(([id]): Item => ({ kind: 'balancer', id, names: [...(names.get(id) ?? [])] })),
    ...[...lost].map((id): Item => ({ kind: 'lost', id })),
    ...[...unbound].map(([region, ids]): Item => ({ kind: 'unbound', region, ids: [...ids] })),
  ];
}

/** Returns the most nodes that an item may need on the first level. */
function itemSize(item: Item, shown: number): number {
  if (item.kind === 'lost') return 1;
  const listed = item.kind === 'balancer' ? item.names.length : item.ids.length;
  const own = item.kind === 'balancer' ? 1 : 0;
  return own + Math.min(listed, shown) + (listed > shown ? 1 : 0);
}

/** Splits the items into pages that fit the overview; at least one page. */
function paginate(items: readonly Item[], shown: number): readonly (readonly Item[])[] {
  const pages: Item[][] = [[]];
  let used = 0;
  for (const item of items) {
    const size = itemSize(item, shown);
    if (used + size > overviewMax && used > 0) {
      pages.push([]);
      used = 0;
    }
    pages.at(-1)?.push(item);
    used += size;
  }
  return pages;
}

/** The nodes that a map draws, and how many of which it leaves out. */
type Drawing = {
  readonly ids: Set<NodeId>;
  readonly more: Map<MoreId, Omit<MapNode & { kind: 'more' }, 'id' | 'kind'>>;
  /** Load balancers and listeners that are open. */
  readonly opened: Set<NodeId>;
  isFull: boolean;
};

const room = ({ ids, more }: Drawing) => mapNodesMax - ids.size - more.size;

function drawItems(drawing: Drawing, items: readonly Item[], shown: number, view: MapView): void {
  const keep = (id: MoreId, column: MapColumn, region: string | null, count: number, reach: Reach) =>
    drawing.more.set(id, { column, region, count, reach });
  for (const item of items) {
    if (item.kind !== 'unbound') drawing.ids.add(item.id);
    const listed = item.kind === 'balancer' ? item.names : item.kind === 'unbound' ? item.ids : [];
    for (const id of listed.slice(0, shown)) drawing.ids.add(id);
  }
  for (const item of items) {
    if (item.kind === 'balancer') {
      const count = item.names.filter((id) => !drawing.ids.has(id)).length;
      if (count > 0) keep(`more:host:${item.id}`, 'host', null, count, reachMore(item.id, view));
    } else if (item.kind === 'unbound' && item.ids.length > shown)
      keep(`more:backend:${item.region}`, 'backend', item.region, item.ids.length - shown, { kind: 'open' });
  }
  // Functions are opened once everything of the first level has its place.
  for (const item of items) {
    if (item.kind !== 'unbound' || item.ids.length <= shown) continue;
    const id: MoreId = `more:backend:${item.region}`;
    if (!view.open.includes(id) && !view.open.includes(openAll)) continue;
    const added = item.ids.slice(shown, shown + Math.min(childrenShown, Math.max(0, room(drawing))));
    for (const each of added) drawing.ids.add(each);
    const count = item.ids.length - shown - added.length;
    if (count === 0) drawing.more.delete(id);
    else keep(id, 'backend', item.region, count, { kind: 'list' });
  }
}

type Reach = (MapNode & { kind: 'more' })['reach'];

/** Returns the way to see what does not fit: a focus on what it belongs to; if that is the focus already, the list. */
function reachMore(id: NodeId, { focus }: MapView): Reach {
  return focus.includes(id) ? { kind: 'list' } : { kind: 'focus', id };
}

/** Draws what is behind a load balancer or a listener, as far as there is room. A rule comes with its backends. */
function openNode(
  drawing: Drawing,
  parts: Parts,
  { id, region, column }: { readonly id: NodeId; readonly region: string; readonly column: MapColumn },
  shown: number,
  view: MapView,
): void {
  const children = [...(parts.children.get(id) ?? [])];
  if (children.length === 0) return;
  const moreId: MoreId = `more:${column}:${id}`;
  // The place for what is left out is kept first, so that nothing is left out unsaid.
  if (room(drawing) < 1) {
    drawing.isFull = true;
    return;
  }
  const keep = (count: number) =>
    drawing.more.set(moreId, { column, region, count, reach: reachMore(id, view) });
  keep(children.length);
  let count = 0;
  for (const child of children) {
    const group = column === 'listener' ? [child] : [child, ...(parts.children.get(child) ?? [])];
    const fresh = group.filter((each) => !drawing.ids.has(each));
    if (count >= shown || fresh.length > room(drawing)) break;
    for (const each of fresh) drawing.ids.add(each);
    count += 1;
  }
  drawing.opened.add(id);
  if (count === children.length) drawing.more.delete(moreId);
  else keep(children.length - count);
}

/**
 * Builds the part of an estate that a view shows, in at most `mapNodesMax` nodes: load balancers with their names, and
 * behind them what is opened. What a focus or a narrow search finds is shown whole if it fits. Nothing is left out
 * unsaid: a node stands for what is not drawn, and load balancers that don't fit are on further pages.
 * @param all the routes of the estate
 * @param drifted ids of the nodes whose objects have drifted
 * @param perSecond measured requests per second, by listener id
 */
export function buildMap(
  all: readonly TopologyRoute[],
  view: MapView,
  drifted: ReadonlySet<string> = new Set(),
  perSecond: ReadonlyMap<string, number> = new Map(),
): TopologyMap {
  const routes = filterRoutes(all, view, drifted);
  const wanted = new Set(routes.flatMap(listNodeIds));
  const isSearch = view.search.trim() !== '' || view.state !== null;
  const opensAll = view.focus.length > 0 || view.open.includes(openAll);
  const isWhole = wanted.size <= (opensAll ? mapNodesMax : isSearch ? searchWholeMax : 0);
  const parts = collectParts(routes);
  const shown = view.focus.length > 0 ? overviewMax / 3 : namesShown;
  const pages = isWhole ? [listItems(parts)] : paginate(listItems(parts), shown);
  const page = Math.min(view.page, pages.length - 1);
  const items = pages[page] ?? [];
  const drawing: Drawing = {
    ids: isWhole ? wanted : new Set(),
    more: new Map(),
    opened: new Set(),
    isFull: false,
  };
  if (!isWhole) {
    drawItems(drawing, items, shown, view);
    const columns = ['listener', 'rule'] as const;
    for (const column of columns) {
      const parents = [...drawing.ids].filter((id) => id.startsWith(column === 'listener' ? 'lb:' : 'ls:'));
      const open = opensAll
        ? parents
        : view.open.toReversed().filter((id) => parents.some((each) => each === id));
      for (const id of parents
        .filter((each) => open.includes(each))
        .sort((a, b) => open.indexOf(a) - open.indexOf(b))) {
        const region = findRegion(parts, id);
        openNode(drawing, parts, { id, region, column }, opensAll ? mapNodesMax : childrenShown, view);
      }
    }
  }
  const balancersBefore = pages
    .slice(0, page)
    .reduce((sum, each) => sum + each.filter(({ kind }) => kind === 'balancer').length, 0);
  const balancersHere = items.filter(({ kind }) => kind === 'balancer').length;
  // A name keeps all its records, also those that the filter does not find: they are the other answers for it.
  const records = collectRecords(all, drawing.ids);
  const nodes = [...drawNodes(routes, drawing, drifted, isWhole, records), ...moreNodes(drawing)];
  const regions = new Set(nodes.flatMap((node) => (node.kind === 'host' ? [] : (node.region ?? []))));
  return {
    nodes,
    links: [...drawLinks(routes, drawing.ids, records, perSecond), ...moreLinks(drawing)],
    regions: [...regions].sort(),
    found: routes.length,
    total: all.length,
    loadBalancers: {
      from: balancersHere === 0 ? 0 : balancersBefore + 1,
      to: balancersBefore + balancersHere,
      found: parts.balancers.size,
    },
    page,
    pages: pages.length,
    isFull: drawing.isFull,
    isWhole,
    fitsWhole: wanted.size <= mapNodesMax,
    focusMissing: view.focus.length > 0 && routes.length === 0,
  };
}

function findRegion(parts: Parts, id: NodeId): string {
  for (const [balancer, { region }] of parts.balancers)
    if (balancer === id || parts.children.get(balancer)?.has(id)) return region;
  return '';
}

function moreNodes({ more }: Drawing): readonly MapNode[] {
  return [...more].map(([id, rest]) => ({ id, kind: 'more', ...rest }));
}

/** Lines between what stands for others and what those belong to. */
function moreLinks({ more, ids }: Drawing): readonly MapLink[] {
  return [...more.keys()].flatMap((id): MapLink[] => {
    const [, column, ...rest] = id.split(':');
    const owner = rest.join(':');
    if (![...ids].some((each) => each === owner)) return [];
    const [from, to] = column === 'host' ? [id, owner] : [owner, id];
    return [{ id: `${from}>${to}`, from, to, record: null, kinds: [], label: null, perSecond: null }];
  });
}

/** The things at or behind a drawn node. Sets, because routes share what they pass. */
type Tally = {
  readonly listeners: Set<string>;
  readonly rules: Set<string>;
  readonly targets: Map<string, number>;
  readonly functions: Set<string>;
  readonly unhealthy: Map<string, number>;
  readonly drifted: Set<string>;
};

function tally(
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

const countsOf = ({ listeners, rules, targets, functions }: Tally): MapCounts => ({
  listeners: listeners.size,
  rules: rules.size,
  targets: sum(targets.values()),
  functions: functions.size,
});

/** The records of each drawn host, each once, and whether it points at something in this estate. */
type HostRecords = ReadonlyMap<
  string,
  ReadonlyMap<number, { readonly record: DnsRecord; readonly leads: boolean }>
>;

function collectRecords(routes: readonly TopologyRoute[], ids: ReadonlySet<string>): HostRecords {
  const records = new Map<string, Map<number, { record: DnsRecord; leads: boolean }>>();
  for (const { host, record, loadBalancer } of routes) {
    if (host === null || record === null || !ids.has(hostNodeId(host))) continue;
    const known = records.get(hostNodeId(host)) ?? new Map();
    records.set(hostNodeId(host), known.set(record.id, { record, leads: loadBalancer !== null }));
  }
  return records;
}

function drawNodes(
  routes: readonly TopologyRoute[],
  { ids, opened }: Drawing,
  drifted: ReadonlySet<string>,
  isWhole: boolean,
  records: HostRecords,
): readonly MapNode[] {
  const tallies = tally(routes, ids, drifted);
  const drawn = new Map<NodeId, MapNode>();
  for (const route of routes) {
    for (const id of listNodeIds(route)) {
      const found = tallies.get(id);
      if (!ids.has(id) || drawn.has(id) || found === undefined) continue;
      const marks: MapMarks = { unhealthy: sum(found.unhealthy.values()), drifted: found.drifted.size };
      const isOpen = isWhole ? null : opened.has(id);
      const node = drawNode(route, id, marks, { isOpen, counts: countsOf(found) }, records);
      if (node !== null) drawn.set(id, node);
    }
  }
  return [...drawn.values()];
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
      ...drawRecords([...(records.get(id)?.values() ?? [])]),
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

function drawRecords(all: readonly { readonly record: DnsRecord; readonly leads: boolean }[]) {
  return {
    ttls: [...new Set(all.map(({ record }) => record.ttlS))].sort((a, b) => a - b),
    records: all.slice(0, recordsShown).map(({ record, leads }) => ({
      id: record.id,
      type: record.type,
      value: record.value,
      isEnabled: record.enabled,
      leads,
    })),
    moreRecords: Math.max(0, all.length - recordsShown),
  };
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

function drawLinks(
  routes: readonly TopologyRoute[],
  ids: ReadonlySet<string>,
  records: HostRecords,
  perSecond: ReadonlyMap<string, number>,
): readonly MapLink[] {
  const links = new Map<string, MapLink>();
  const kinds = new Map<string, Set<'cvm' | 'scf'>>();
  for (const route of routes) {
    for (const { id, from, to, recordId, label } of listLinks(route)) {
      if (!ids.has(from) || !ids.has(to)) continue;
      const serving = kinds.get(id) ?? new Set();
      kinds.set(id, serving);
      if (label?.kind !== 'off' && route.backend !== null) serving.add(route.backend.kind);
      if (links.has(id)) continue;
      const measured =
        route.listener && to === `ls:${route.listener.id}` ? perSecond.get(route.listener.id) : undefined;
      const record = recordId === null ? null : placeRecord(records, from, recordId);
      links.set(id, { id, from, to, record, kinds: [], label, perSecond: measured ?? null });
    }
  }
  return [...links.values()].map((link) => ({ ...link, kinds: [...(kinds.get(link.id) ?? [])].sort() }));
}

/** Returns the record's place on its host's node: its own, or that of those without one. */
function placeRecord(records: HostRecords, host: string, recordId: number): number | 'more' {
  const all = [...(records.get(host)?.keys() ?? [])];
  return all.indexOf(recordId) < recordsShown ? recordId : 'more';
}
