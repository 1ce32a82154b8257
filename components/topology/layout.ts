import type { TopologyGraph, TopologyNode } from './group';
import { type Box, columns, gap, nodeHeight } from './measures';
import type { NodeId } from './route';

/** A node with its descendants, and the height that all of it needs. */
type Branch = { readonly node: TopologyNode; readonly children: readonly Branch[]; readonly height: number };

/**
 * Stacks the nodes of one region: a node gets the height of its descendants and is centred, so that a single line of
 * descent is straight. A backend that rules share is placed with the first of them.
 * @param boxes is filled in.
 * @returns the lower edge of the last node.
 */
function stackRegion(graph: TopologyGraph, region: string, top: number, boxes: Map<NodeId, Box>): number {
  let free = top;
  for (const branch of listBranches(graph, region)) {
    put(branch, free, boxes);
    free += branch.height + gap;
  }
  return free - gap;
}

const order = ['loadBalancer', 'listener', 'rule', 'backend'] as const;

/** Returns the nodes of a region as trees, each node once. */
function listBranches(graph: TopologyGraph, region: string): readonly Branch[] {
  const nodes = graph.nodes.filter((node) => node.kind !== 'host' && node.region === region);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const taken = new Set<NodeId>();
  const grow = (node: TopologyNode): readonly Branch[] => {
    if (taken.has(node.id)) return [];
    taken.add(node.id);
    const children = graph.links
      .filter((link) => link.from === node.id)
      .map((link) => byId.get(link.to))
      .filter((child) => child !== undefined)
      .flatMap(grow);
    return [{ node, children, height: Math.max(nodeHeight(node), blockHeight(children)) }];
  };
  return order.flatMap((kind) => nodes.filter((node) => node.kind === kind)).flatMap(grow);
}

function blockHeight(branches: readonly Branch[]): number {
  return branches.reduce((sum, branch) => sum + branch.height, 0) + gap * Math.max(0, branches.length - 1);
}

function put({ node, children, height }: Branch, top: number, boxes: Map<NodeId, Box>): void {
  let free = top + (height - blockHeight(children)) / 2;
  for (const child of children) {
    put(child, free, boxes);
    free += child.height + gap;
  }
  const own = nodeHeight(node);
  boxes.set(node.id, { ...columns[node.kind], y: top + (height - own) / 2, height: own });
}

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
