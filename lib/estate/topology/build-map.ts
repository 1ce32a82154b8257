import { filterRoutes } from './find-routes';
import { chooseNodes, type MapDrawing } from './map-drawing';
import { type MapLink, type MapView, mapNodesMax, openAll, type TopologyMap } from './map-model';
import { drawNodes } from './map-nodes';
import { listItems, type MapItem, overviewMax, paginate } from './map-pages';
import { collectParts } from './map-parts';
import { collectRecords, type HostRecords, placeRecord } from './map-records';
import { listLinks } from './node';
import { listNodeIds, type TopologyRoute } from './route';

/**
 * Draws the links between the nodes of a map, and from what it leaves out to its owner.
 * @param perSecond measured requests per second, by listener id
 */
function drawLinks(
  routes: readonly TopologyRoute[],
  drawing: MapDrawing,
  records: HostRecords,
  perSecond: ReadonlyMap<string, number>,
): readonly MapLink[] {
  const ids: ReadonlySet<string> = drawing.ids;
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
      const record = recordId === null ? null : placeRecord(from, recordId, records);
      links.set(id, { id, from, to, record, kinds: [], label, perSecond: measured ?? null });
    }
  }
  return [
    ...[...links.values()].map((link) => ({ ...link, kinds: [...(kinds.get(link.id) ?? [])].sort() })),
    ...drawMoreLinks(drawing),
  ];
}

/** Draws the links between the nodes of what is left out and their owners. */
function drawMoreLinks({ more, ids }: MapDrawing): readonly MapLink[] {
  const drawn: ReadonlySet<string> = ids;
  return [...more.keys()].flatMap((id): MapLink[] => {
    const [, column, ...rest] = id.split(':');
    const owner = rest.join(':');
    if (!drawn.has(owner)) return [];
    const [from, to] = column === 'host' ? [id, owner] : [owner, id];
    return [{ id: `${from}>${to}`, from, to, record: null, kinds: [], label: null, perSecond: null }];
  });
}

/** The names of a load balancer, and the unbound functions of a region, that are drawn without a focus. */
const namesShown = 3;
/** The nodes up to which the result of a search is drawn whole, so that the routes found can be seen at once. */
const searchWholeMax = 80;

/**
 * Builds the part of an estate that a view shows, in at most `mapNodesMax` nodes: load balancers with their names, and
 * the opened nodes behind them. The result of a focus or a narrow search is shown whole if it fits. Omissions are
 * always visible: a node counts what is not drawn, and load balancers that don't fit are on further pages.
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
  const drawing: MapDrawing = isWhole
    ? { ids: wanted, more: new Map(), opened: new Set(), isFull: false }
    : chooseNodes(parts, items, { view, shown, opensAll });
  // A name keeps all its records, also those that the filter does not find: they are the other answers for it.
  const records = collectRecords(all, drawing.ids);
  const nodes = drawNodes(routes, drawing, drifted, isWhole, records);
  const regions = new Set(nodes.flatMap((node) => (node.kind === 'host' ? [] : (node.region ?? []))));
  return {
    nodes,
    links: drawLinks(routes, drawing, records, perSecond),
    regions: [...regions].sort(),
    found: routes.length,
    total: all.length,
    loadBalancers: { ...locateBalancers(pages, page), found: parts.balancers.size },
    page,
    pages: pages.length,
    isFull: drawing.isFull,
    isWhole,
    fitsWhole: wanted.size <= mapNodesMax,
    focusMissing: view.focus.length > 0 && routes.length === 0,
  };
}

/** Returns the numbers of the first and the last load balancer of a page, from 1; both 0 if it has none. */
function locateBalancers(
  pages: readonly (readonly MapItem[])[],
  page: number,
): { readonly from: number; readonly to: number } {
  const count = (items: readonly MapItem[]) => items.filter(({ kind }) => kind === 'balancer').length;
  const before = pages.slice(0, page).reduce((sum, items) => sum + count(items), 0);
  const here = count(pages[page] ?? []);
  return { from: here === 0 ? 0 : before + 1, to: before + here };
}
