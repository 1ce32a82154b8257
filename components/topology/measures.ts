import type { MapColumn, MapNode } from '@/lib/estate/topology/map-model';

/** Pixels, in the canvas's own coordinate system. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Left edge and width of each column, in the order in which a request passes them, the same on every screen. */
export const columns = {
  host: { x: 12, width: 188 },
  loadBalancer: { x: 246, width: 164 },
  listener: { x: 434, width: 76 },
  rule: { x: 540, width: 150 },
  backend: { x: 734, width: 248 },
} as const;

/** The gap between nodes of a column. */
export const gap = 16;

/** The height of the part of a host node above its records, and of each record. */
export const hostHead = 46;
export const recordHeight = 22;

/** The right edge of the last column. */
const rightEdge = columns.backend.x + columns.backend.width;

/** Returns the column of a node; a node that represents others is in their column. */
export function getColumn(node: MapNode): MapColumn {
  return node.kind === 'more' ? node.column : node.kind;
}

/** Returns whether a node is collapsed: it then has the width of all nodes that it represents. */
function isClosed(node: MapNode): boolean {
  return (node.kind === 'loadBalancer' || node.kind === 'listener') && node.isOpen === false;
}

/** Returns the left edge and the width of a node. */
export function nodeSpan(node: MapNode): Pick<Box, 'x' | 'width'> {
  const column = columns[getColumn(node)];
  return isClosed(node) ? { x: column.x, width: rightEdge - column.x } : column;
}

/** Returns the height that a node needs for its lines of text. */
export function nodeHeight(node: MapNode): number {
  switch (node.kind) {
    case 'host':
      return hostHead + (node.records.length + (node.moreRecords > 0 ? 1 : 0)) * recordHeight;
    case 'loadBalancer':
      return isClosed(node) ? 46 : 64;
    case 'listener':
    case 'rule':
      return 46;
    case 'backend':
      return 58;
    case 'more':
      return 30;
  }
}
