import type { MapColumn, TopologyMap } from '@/lib/estate/topology/map-model';
import type { HeadingNode, RegionNode } from './backdrop-node';
import type { FlowEdge } from './flow-edge';
import type { FlowNode, FlowNodeData, NodeActions } from './flow-node';
import type { TopologyLayout } from './layout';
import { columns, getColumn } from './measures';

type Marked = {
  /** Nodes on the routes of the selected one. */
  readonly lit: ReadonlySet<string>;
  readonly selected: string | null;
  /** The node in the tab order. */
  readonly tabbable: string | null;
};

/** Converts a map to the graph library's elements: boxes and headings behind, nodes and lines in front. */
export function flowElements(
  map: Pick<TopologyMap, 'nodes' | 'links'>,
  layout: TopologyLayout,
  { lit, selected, tabbable }: Marked,
  actions: NodeActions,
): { nodes: (FlowNode | RegionNode | HeadingNode)[]; edges: FlowEdge[] } {
  const look = (id: string): FlowNodeData['look'] => {
    if (id === selected) return 'selected';
    return lit.has(id) ? 'lit' : 'rest';
  };
  const nodes = map.nodes.flatMap((node): FlowNode[] => {
    const box = layout.boxes.get(node.id);
    if (box === undefined) return [];
    return [
      {
        id: node.id,
        type: 'topology',
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        data: { node, look: look(node.id), tabbable: node.id === tabbable, actions },
      },
    ];
  });
  const edges = map.links.map(
    (link): FlowEdge => ({
      id: link.id,
      type: 'topology',
      source: link.from,
      target: link.to,
      ...(link.record === null ? {} : { sourceHandle: String(link.record) }),
      data: { link, look: lit.has(link.from) && lit.has(link.to) ? 'lit' : 'rest' },
    }),
  );
  return { nodes: [...regionNodes(layout), ...headingNodes(map), ...nodes], edges };
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

/** Only columns with nodes have a heading. */
function headingNodes({ nodes }: Pick<TopologyMap, 'nodes'>): HeadingNode[] {
  const used = new Set<MapColumn>(nodes.map(getColumn));
  return (['host', 'loadBalancer', 'listener', 'rule', 'backend'] as const)
    .filter((column) => used.has(column))
    .map((column) => ({
      id: `heading:${column}`,
      type: 'heading',
      position: { x: columns[column].x, y: 0 },
      width: columns[column].width,
      height: 32,
      data: { column },
    }));
}
