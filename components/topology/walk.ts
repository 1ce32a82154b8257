import type { MapGraph } from './layout';
import type { Box } from './measures';

export type WalkKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export function isWalkKey(key: string): key is WalkKey {
  return key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown';
}

/**
 * Returns the node that an arrow key moves to: right and left along its lines, up and down inside its column.
 * @param lit the nodes of the selected path: preferred at a fork, so that navigation stays on it
 * @returns null if there is no node in that direction
 */
export function walkGraph(
  graph: MapGraph,
  boxes: ReadonlyMap<string, Box>,
  from: string,
  key: WalkKey,
  lit: ReadonlySet<string>,
): string | null {
  const here = boxes.get(from);
  if (here === undefined) return null;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const column = [...boxes]
      .filter(([, box]) => box.x === here.x)
      .sort(([, a], [, b]) => a.y - b.y)
      .map(([id]) => id);
    return column[column.indexOf(from) + (key === 'ArrowDown' ? 1 : -1)] ?? null;
  }
  const next = graph.links
    .filter((link) => (key === 'ArrowRight' ? link.from : link.to) === from)
    .map((link) => (key === 'ArrowRight' ? link.to : link.from));
  return next.find((id) => lit.has(id)) ?? next[0] ?? null;
}
