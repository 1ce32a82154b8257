import { type MapColumn, type MapNode, type MapView, type MoreId, mapNodesMax, openAll } from './map-model';
import type { MapItem } from './map-pages';
import type { MapParts } from './map-parts';
import type { NodeId } from './route';

/** The children that an opened node shows without a focus. */
const childrenShown = 20;

type More = Omit<MapNode & { kind: 'more' }, 'id' | 'kind'>;
type Reach = More['reach'];

/** The nodes that a map draws, and how many it leaves out behind each. */
export type MapDrawing = {
  readonly ids: Set<NodeId>;
  readonly more: Map<MoreId, More>;
  /** Load balancers and listeners that are open. */
  readonly opened: Set<NodeId>;
  isFull: boolean;
};

/**
 * Chooses the nodes of a page, in at most `mapNodesMax`: its items, then what the view opens behind them.
 * @param shown the names or functions that an item shows at most
 * @param opensAll true if every node is open, as far as there is room
 */
export function chooseNodes(
  parts: MapParts,
  items: readonly MapItem[],
  { view, shown, opensAll }: { readonly view: MapView; readonly shown: number; readonly opensAll: boolean },
): MapDrawing {
  const drawing: MapDrawing = { ids: new Set(), more: new Map(), opened: new Set(), isFull: false };
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
  return drawing;
}

const room = ({ ids, more }: MapDrawing) => mapNodesMax - ids.size - more.size;

function drawItems(drawing: MapDrawing, items: readonly MapItem[], shown: number, view: MapView): void {
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

/** Returns the way to see nodes that don't fit: a focus on their owner, or the list if that is the focus already. */
function reachMore(id: NodeId, { focus }: MapView): Reach {
  return focus.includes(id) ? { kind: 'list' } : { kind: 'focus', id };
}

/** Draws the nodes behind a load balancer or a listener, as far as there is room. A rule comes with its backends. */
function openNode(
  drawing: MapDrawing,
  parts: MapParts,
  { id, region, column }: { readonly id: NodeId; readonly region: string; readonly column: MapColumn },
  shown: number,
  view: MapView,
): void {
  const children = [...(parts.children.get(id) ?? [])];
  if (children.length === 0) return;
  const moreId: MoreId = `more:${column}:${id}`;
  // The node for omitted ones is placed first, so that omissions are always visible.
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

/** Returns the region of a load balancer or of one of its listeners. */
function findRegion(parts: MapParts, id: NodeId): string {
  for (const [balancer, { region }] of parts.balancers)
    if (balancer === id || parts.children.get(balancer)?.has(id)) return region;
  return '';
}
