import type { TopologyNode } from './group';

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

/** Returns the height that a node needs for its lines of text. */
export function nodeHeight(node: TopologyNode): number {
  switch (node.kind) {
    case 'host':
      return hostHead + node.records.length * recordHeight;
    case 'loadBalancer':
      return 64;
    case 'listener':
    case 'rule':
      return 46;
    case 'backend':
      return 58;
  }
}
