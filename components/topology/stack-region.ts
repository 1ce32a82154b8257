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
export function stackRegion(
  graph: TopologyGraph,
  region: string,
  top: number,
  boxes: Map<NodeId, Box>,
): number {
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
