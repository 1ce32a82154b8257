'use client';

import { ReactFlow, ReactFlowProvider, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { IconButton } from '@/components/ui/button';
import { HeadingNodeView, RegionNodeView } from './backdrop-node';
import { FlowEdgeView } from './flow-edge';
import { flowElements } from './flow-elements';
import { FlowNodeView } from './flow-node';
import { groupRoutes } from './group';
import { canvasWidth, layoutGraph } from './layout';
import type { Box } from './measures';
import { pathThrough } from './path';
import { isNodeId, type NodeId, type TopologyRoute } from './route';
import { type WalkKey, walkGraph } from './walk';

/** Below this scale text is hard to read, so the graph is panned instead. */
const smallestFit = 0.7;

/** The bottom margin leaves room for the buttons there. */
const margin = { top: 24, bottom: 64 };

/** Shows all columns at a readable size, from the top; the rest is reached by scrolling. */
function useFitWidth(): { fitWidth: () => void; reveal: (box: Box) => void } {
  const { setViewport, getViewport } = useReactFlow();
  const store = useStoreApi();
  const width = useStore((state) => state.width);

  const fitWidth = useCallback(() => {
    if (width === 0) return;
    const zoom = Math.min(1, Math.max(smallestFit, width / canvasWidth));
    void setViewport({ x: Math.max(0, (width - canvasWidth * zoom) / 2), y: 0, zoom });
  }, [width, setViewport]);

  // Also runs when the panel beside it opens or closes.
  useEffect(fitWidth, [fitWidth]);

  /** Scrolls a node into view if it is outside; a new function once the width is known, so that effects run again. */
  const reveal = useCallback(
    (box: Box) => {
      const { x, y, zoom } = getViewport();
      const { height } = store.getState();
      if (width === 0) return;
      const top = box.y * zoom + y;
      const bottom = (box.y + box.height) * zoom + y;
      if (top < margin.top) void setViewport({ x, y: margin.top - box.y * zoom, zoom });
      else if (bottom > height - margin.bottom) {
        void setViewport({ x, y: height - margin.bottom - (box.y + box.height) * zoom, zoom });
      }
    },
    [width, getViewport, setViewport, store],
  );

  return { fitWidth, reveal };
}

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

/** Zoom and fit, at the lower right of the graph. */
function ViewControls({ onFit }: { readonly onFit: () => void }) {
  const t = useTranslations('estate');
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <div className="absolute right-3 bottom-3 z-5 flex gap-1">
      <IconButton
        variant="default"
        size="sm"
        label={t('zoomOut')}
        icon={<Minus aria-hidden />}
        onClick={() => void zoomOut()}
      />
      <IconButton
        variant="default"
        size="sm"
        label={t('zoomIn')}
        icon={<Plus aria-hidden />}
        onClick={() => void zoomIn()}
      />
      <IconButton
        variant="default"
        size="sm"
        label={t('fit')}
        icon={<Maximize aria-hidden />}
        onClick={onFit}
      />
    </div>
  );
}
