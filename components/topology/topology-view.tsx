'use client';

import { ReactFlow, ReactFlowProvider, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { IconButton } from '@/components/ui/button';
import type { TopologyMap } from '@/lib/estate/topology/map-model';
import { HeadingNodeView, RegionNodeView } from './backdrop-node';
import { FlowEdgeView } from './flow-edge';
import { flowElements } from './flow-elements';
import { FlowNodeView, type NodeActions } from './flow-node';
import { canvasWidth, layoutGraph } from './layout';
import type { Box } from './measures';
import { type WalkKey, walkGraph } from './walk';

/** Below this scale text is hard to read, so the graph is panned instead. */
const smallestFit = 0.7;

/** The bottom margin leaves room for the buttons. */
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

type TopologyViewProps = Omit<NodeActions, 'onWalk'> & {
  readonly map: TopologyMap;
  readonly selected: string | null;
  /** Nodes on the routes of the selected one. */
  readonly path: readonly string[];
};

/** The estate as a graph: names at the left, backends at the right, regions as boxes. */
export function TopologyView(props: TopologyViewProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ map, selected, path, onSelect, onOpen, onReach, onFocus }: TopologyViewProps) {
  const t = useTranslations('estate');
  const layout = useMemo(() => layoutGraph(map), [map]);
  const lit = useMemo(() => new Set(path), [path]);
  const frame = useRef<HTMLDivElement>(null);
  // The node with the keyboard focus; nodes that represent others can't be selected.
  const [cursor, setCursor] = useState<string | null>(null);
  const { fitWidth, reveal } = useFitWidth();
  const has = (id: string | null) => id !== null && layout.boxes.has(id);
  const tabbable = has(cursor) ? cursor : has(selected) ? selected : (map.nodes[0]?.id ?? null);

  const focusNode = useCallback((id: string) => {
    const button = frame.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
    button?.focus({ preventScroll: true });
  }, []);
  const { nodes, edges } = useMemo(() => {
    const onWalk = (from: string, key: WalkKey) => {
      const next = walkGraph(map, layout.boxes, from, key, lit);
      const box = next === null ? undefined : layout.boxes.get(next);
      if (next === null || box === undefined) return;
      setCursor(next);
      reveal(box);
      focusNode(next);
      if (!next.startsWith('more:')) onSelect(next);
    };
    const select = (id: string) => {
      setCursor(id);
      onSelect(id);
    };
    const actions = { onSelect: select, onOpen, onReach, onFocus, onWalk };
    return flowElements(map, layout, { lit, selected, tabbable }, actions);
  }, [map, layout, lit, selected, tabbable, onSelect, onOpen, onReach, onFocus, reveal, focusNode]);

  // The selected node is scrolled into view, even if the address, the list or the panel selected it.
  const selectedBox = selected === null ? undefined : layout.boxes.get(selected);
  useEffect(() => {
    if (selectedBox !== undefined) reveal(selectedBox);
  }, [selectedBox, reveal]);

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
