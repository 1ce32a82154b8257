import type { TopologyGraph } from './group';
import { type Box, columns, gap, nodeHeight } from './measures';
import type { NodeId } from './route';
import { stackRegion } from './stack-region';

export type TopologyLayout = {
  readonly boxes: ReadonlyMap<NodeId, Box>;
  readonly regions: readonly { readonly region: string; readonly box: Box }[];
  readonly width: number;
  readonly height: number;
};

export const canvasWidth = 1000;
/** Room for the column headings. */
const headHeight = 36;
const regionEdge = { x: 232, width: 764, head: 30, foot: 12, gap: 12 };
/**
 * Places nodes in fixed columns: each region is a box, with its load balancers from top to bottom and their listeners,
 * rules and backends beside them; hosts are at the height of their destinations, without overlap.
 */
export function layoutGraph(graph: TopologyGraph): TopologyLayout {
  const boxes = new Map<NodeId, Box>();
  const regions: { region: string; box: Box }[] = [];
  let top = headHeight;
  for (const region of graph.regions) {
    const bottom = stackRegion(graph, region, top + regionEdge.head, boxes) + regionEdge.foot;
    regions.push({ region, box: { x: regionEdge.x, y: top, width: regionEdge.width, height: bottom - top } });
    top = bottom + regionEdge.gap;
  }
  const hostsEnd = placeHosts(graph, boxes);
  return { boxes, regions, width: canvasWidth, height: Math.max(top, hostsEnd + regionEdge.gap) };
}

function middle(box: Box): number {
  return box.y + box.height / 2;
}

/** @returns the bottom of the column of hosts. */
function placeHosts(graph: TopologyGraph, boxes: Map<NodeId, Box>): number {
  const hosts = graph.nodes
    .filter((node) => node.kind === 'host')
    .map((node) => ({ node, height: nodeHeight(node), wish: wishedMiddle(graph, node.id, boxes) }))
    .sort((a, b) => a.wish - b.wish);
  let free = headHeight;
  for (const { node, height, wish } of hosts) {
    const y = Math.max(free, wish === Number.POSITIVE_INFINITY ? free : wish - height / 2);
    boxes.set(node.id, { ...columns.host, y, height });
    free = y + height + gap;
  }
  return free;
}

/** Returns the mean height of a host's destinations; hosts without one go last. */
function wishedMiddle(graph: TopologyGraph, id: NodeId, boxes: ReadonlyMap<NodeId, Box>): number {
  const ends = graph.links
    .filter((link) => link.from === id)
    .map((link) => boxes.get(link.to))
    .filter((box) => box !== undefined)
    .map(middle);
  if (ends.length === 0) return Number.POSITIVE_INFINITY;
  return ends.reduce((sum, y) => sum + y, 0) / ends.length;
}
