import type { HeadingNode, RegionNode } from './backdrop-node';
import type { FlowEdge } from './flow-edge';
import type { FlowNode, FlowNodeData } from './flow-node';
import type { TopologyGraph, TopologyNode } from './group';
import type { TopologyLayout } from './layout';
import { columns } from './measures';
import type { LitPath } from './path';

/** Converts the graph to the graph library's elements: boxes and headings behind, nodes and lines in front. */
export function flowElements(
  graph: TopologyGraph,
  layout: TopologyLayout,
  path: LitPath,
  selected: string | null,
  actions: Pick<FlowNodeData, 'onSelect' | 'onWalk'>,
): { nodes: (FlowNode | RegionNode | HeadingNode)[]; edges: FlowEdge[] } {
  const tabbable = graph.nodes.some((node) => node.id === selected) ? selected : (graph.nodes[0]?.id ?? null);
  const nodes = graph.nodes.flatMap((node): FlowNode[] => {
    const box = layout.boxes.get(node.id);
    if (box === undefined) return [];
    const look = getNodeLook(node.id, path, selected);
    return [
      {
        id: node.id,
        type: 'topology',
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        data: { node, look, tabbable: node.id === tabbable, ...actions },
      },
    ];
  });
  const edges = graph.links.map(
    (link): FlowEdge => ({
      id: link.id,
      type: 'topology',
      source: link.from,
      target: link.to,
      ...(link.recordId === null ? {} : { sourceHandle: String(link.recordId) }),
      data: { link, look: path.links.has(link.id) ? 'lit' : 'rest' },
    }),
  );
  return { nodes: [...regionNodes(layout), ...headingNodes(graph), ...nodes], edges };
}

function getNodeLook(id: string, path: LitPath, selected: string | null): FlowNodeData['look'] {
  if (id === selected) return 'selected';
  return path.nodes.has(id) ? 'lit' : 'rest';
}

function regionNodes(layout: TopologyLayout): RegionNode[] {
  return layout.regions.map(({ region, box }) => ({
    id: `region:${region}`,
    type: 'region',
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    zIndex: -1,
    data: { region },
  }));
}

function headingNodes(graph: TopologyGraph): HeadingNode[] {
  const kinds = [
    'host',
    'loadBalancer',
    'listener',
    'rule',
    'backend',
  ] as const satisfies TopologyNode['kind'][];
  return kinds.map((column) => ({
    id: `heading:${column}`,
    type: 'heading',
    position: { x: columns[column].x, y: 0 },
    width: columns[column].width,
    height: 32,
    data: { column, count: graph.nodes.filter((node) => node.kind === column).length },
  }));
}
