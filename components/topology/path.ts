import { linksOf } from './group';
import { nodeIdsOf, type Route } from './route';

export type LitPath = { readonly nodes: ReadonlySet<string>; readonly links: ReadonlySet<string> };

/** Returns everything on a route through a node: what a request passes before and after it. */
export function pathThrough(routes: readonly Route[], nodeId: string | null): LitPath {
  const through =
    nodeId === null ? [] : routes.filter((route) => nodeIdsOf(route).some((id) => id === nodeId));
  return {
    nodes: new Set(through.flatMap(nodeIdsOf)),
    links: new Set(through.flatMap(linksOf).map((link) => link.id)),
  };
}
