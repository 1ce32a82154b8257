import type { MapParts } from './map-parts';
import type { NodeId } from './route';

/** The most nodes of load balancers, names and functions on a page: the rest is for opened nodes. */
export const overviewMax = 180;

/**
 * Something of the first level of a map: a load balancer with its names, a lost name, or a region's unbound functions.
 */
export type MapItem =
  | { readonly kind: 'balancer'; readonly id: NodeId; readonly names: readonly NodeId[] }
  | { readonly kind: 'lost'; readonly id: NodeId }
  | { readonly kind: 'unbound'; readonly region: string; readonly ids: readonly NodeId[] };

const { compare } = new Intl.Collator('en', { numeric: true });

/** Lists the first level of a map: load balancers by region and name, then lost names, then unbound functions. */
export function listItems({ balancers, names, lost, unbound }: MapParts): readonly MapItem[] {
  const sorted = [...balancers].sort(
    ([, a], [, b]) => compare(a.region, b.region) || compare(a.name, b.name),
  );
  return [
    ...sorted.map(([id]): MapItem => ({ kind: 'balancer', id, names: [...(names.get(id) ?? [])] })),
    ...[...lost].map((id): MapItem => ({ kind: 'lost', id })),
    ...[...unbound].map(([region, ids]): MapItem => ({ kind: 'unbound', region, ids: [...ids] })),
  ];
}

/** Returns the most nodes that an item may need on the first level. */
function itemSize(item: MapItem, shown: number): number {
  if (item.kind === 'lost') return 1;
  const listed = item.kind === 'balancer' ? item.names.length : item.ids.length;
  const own = item.kind === 'balancer' ? 1 : 0;
  return own + Math.min(listed, shown) + (listed > shown ? 1 : 0);
}

/**
 * Splits the items into pages that fit the overview; at least one page.
 * @param shown the names or functions that an item shows at most
 */
export function paginate(items: readonly MapItem[], shown: number): readonly (readonly MapItem[])[] {
  const pages: MapItem[][] = [[]];
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
