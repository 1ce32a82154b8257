import type { MapDrawing } from './map-drawing';
import type { MapLink } from './map-model';
import { type HostRecords, placeRecord } from './map-records';
import { listLinks } from './node';
import type { TopologyRoute } from './route';

/**
 * Draws the links between the nodes of a map, and from what it leaves out to its owner.
 * @param perSecond measured requests per second, by listener id
 */
export function drawLinks(
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
