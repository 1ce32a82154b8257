import { listLinks } from './group';
import { listNodeIds, type TopologyRoute } from './route';

export type LitPath = { readonly nodes: ReadonlySet<string>; readonly links: ReadonlySet<string> };

/** Returns everything on a route through a node: what a request passes before and after it. */
export function pathThrough(routes: readonly TopologyRoute[], nodeId: string | null): LitPath {
  const through =
    nodeId === null ? [] : routes.filter((route) => listNodeIds(route).some((id) => id === nodeId));
  return {
    nodes: new Set(through.flatMap(listNodeIds)),
    links: new Set(through.flatMap(listLinks).map((link) => link.id)),
  };
}
