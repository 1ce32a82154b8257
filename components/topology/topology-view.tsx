'use client';

import { ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef } from 'react';
import { HeadingNodeView, RegionNodeView } from './backdrop-node';
import { FlowEdgeView } from './flow-edge';
import { flowElements } from './flow-elements';
import { FlowNodeView } from './flow-node';
import { groupRoutes } from './group';
import { layoutGraph } from './layout';
import { pathThrough } from './path';
import { isNodeId, type NodeId, type TopologyRoute } from './route';
import { useFitWidth } from './use-fit-width';
import { ViewControls } from './view-controls';
import { type WalkKey, walkGraph } from './walk';

const nodeTypes = { topology: FlowNodeView, region: RegionNodeView, heading: HeadingNodeView };
const edgeTypes = { topology: FlowEdgeView };

type TopologyViewProps = {
  readonly routes: readonly TopologyRoute[];
  readonly selected: string | null;
  readonly onSelect: (id: NodeId) => void;
};

/** The estate as a graph: names at the left, backends at the right, regions as boxes. */
export function TopologyView(props: TopologyViewProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ routes, selected, onSelect }: TopologyViewProps) {
  const t = useTranslations('estate');
  const graph = useMemo(() => groupRoutes(routes), [routes]);
  const layout = useMemo(() => layoutGraph(graph), [graph]);
  const path = useMemo(() => pathThrough(routes, selected), [routes, selected]);
  const frame = useRef<HTMLDivElement>(null);
  const walked = useRef<NodeId | null>(null);
  const { fitWidth, reveal } = useFitWidth();
  const { nodes, edges } = useMemo(() => {
    const onWalk = (from: NodeId, key: WalkKey) => {
      const next = walkGraph(graph, layout.boxes, from, key, path.nodes);
      if (next === null) return;
      walked.current = next;
      onSelect(next);
    };
    return flowElements(graph, layout, path, selected, { onSelect, onWalk });
  }, [graph, layout, path, selected, onSelect]);

  // The selected node is scrolled into view, even if the address, the list or the panel selected it. After a step by
  // keyboard the focus follows, since the new node has only now entered the tab order.
  const selectedBox = isNodeId(selected) ? layout.boxes.get(selected) : undefined;
  useEffect(() => {
    if (selected === null || selectedBox === undefined) return;
    reveal(selectedBox);
    if (walked.current !== selected) return;
    walked.current = null;
    const button = frame.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(selected)}"]`);
    button?.focus({ preventScroll: true });
  }, [selected, selectedBox, reveal]);

  return (
    <div ref={frame} className="relative size-full bg-dots">
      <ReactFlow
        aria-label={t('graphLabel')}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={0.3}
        maxZoom={1.5}
        translateExtent={[
          [-120, -20],
          [layout.width + 120, Math.max(layout.height + 240, 1800)],
        ]}
        attributionPosition="bottom-left"
      />
      <ViewControls onFit={fitWidth} />
    </div>
  );
}
