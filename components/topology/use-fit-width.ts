'use client';

import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect } from 'react';
import { canvasWidth } from './layout';
import type { Box } from './measures';

/** Below this scale text is hard to read, so the graph is panned instead. */
const smallestFit = 0.7;
/** The bottom margin leaves room for the buttons there. */
const margin = { top: 24, bottom: 64 };

/** Shows all columns at a readable size, from the top; the rest is reached by scrolling. */
export function useFitWidth(): { fitWidth: () => void; reveal: (box: Box) => void } {
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
