import type { MapNode, TopologyMap } from '@/lib/estate/topology/map-model';
import { type Box, gap, getColumn, nodeHeight, nodeSpan } from './measures';

/** The parts of a map that its layout depends on. */
export type MapGraph = Pick<TopologyMap, 'nodes' | 'links' | 'regions'>;

/** A node with its descendants, and the height of the subtree. */
type Branch = { readonly node: MapNode; readonly children: readonly Branch[]; readonly height: number };

/**
 * Stacks the nodes of one region: a node gets the height of its descendants and is centred, so that a single line of
 * descent is straight. A backend shared by rules is placed with the first of them.
 * @param boxes is filled in
 * @returns the lower edge of the last node
 */
function stackRegion(graph: MapGraph, region: string, top: number, boxes: Map<string, Box>): number {
  let free = top;
  for (const branch of listBranches(graph, region)) {
    put(branch, free, boxes);
    free += branch.height + gap;
  }
  return free - gap;
}

const order = ['loadBalancer', 'listener', 'rule', 'backend'] as const;

/** Returns the nodes of a region as trees, each node once. */
function listBranches(graph: MapGraph, region: string): readonly Branch[] {
  const nodes = graph.nodes.filter(
    (node) => getColumn(node) !== 'host' && 'region' in node && node.region === region,
  );
  const byId = new Map<string, MapNode>(nodes.map((node) => [node.id, node]));
  const taken = new Set<string>();
  const grow = (node: MapNode): readonly Branch[] => {
    if (taken.has(node.id)) return [];
    taken.add(node.id);
    const children = graph.links
      .filter((link) => link.from === node.id)
      .map((link) => byId.get(link.to))
      .filter((child) => child !== undefined)
      .flatMap(grow);
    return [{ node, children, height: Math.max(nodeHeight(node), blockHeight(children)) }];
  };
  return order.flatMap((kind) => nodes.filter((node) => getColumn(node) === kind)).flatMap(grow);
}

function blockHeight(branches: readonly Branch[]): number {
  return branches.reduce((sum, branch) => sum + branch.height, 0) + gap * Math.max(0, branches.length - 1);
}

function put({ node, children, height }: Branch, top: number, boxes: Map<string, Box>): void {
  let free = top + (height - blockHeight(children)) / 2;
  for (const child of children) {
    put(child, free, boxes);
    free += child.height + gap;
  }
  const own = nodeHeight(node);
  boxes.set(node.id, { ...nodeSpan(node), y: top + (height - own) / 2, height: own });
}

export type TopologyLayout = {
  readonly boxes: ReadonlyMap<string, Box>;
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
export function layoutGraph(graph: MapGraph): TopologyLayout {
  const boxes = new Map<string, Box>();
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
function placeHosts(graph: MapGraph, boxes: Map<string, Box>): number {
  const hosts = graph.nodes
    .filter((node) => getColumn(node) === 'host')
    .map((node) => ({ node, height: nodeHeight(node), wish: wishedMiddle(graph, node.id, boxes) }))
    .sort((a, b) => a.wish - b.wish);
  let free = headHeight;
  for (const { node, height, wish } of hosts) {
    const y = Math.max(free, wish === Number.POSITIVE_INFINITY ? free : wish - height / 2);
    boxes.set(node.id, { ...nodeSpan(node), y, height });
    free = y + height + gap;
  }
  return free;
}

/** Returns the mean height of a host's destinations; hosts without one go last. */
function wishedMiddle(graph: MapGraph, id: string, boxes: ReadonlyMap<string, Box>): number {
  const ends = graph.links
    .filter((link) => link.from === id)
    .map((link) => boxes.get(link.to))
    .filter((box) => box !== undefined)
    .map(middle);
  if (ends.length === 0) return Number.POSITIVE_INFINITY;
  return ends.reduce((sum, y) => sum + y, 0) / ends.length;
}
