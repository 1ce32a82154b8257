'use client';

import { useEffect, useRef } from 'react';

type EditorKeys = { readonly onFirstBlock: () => void; readonly onReview: () => void };

/** F8 leads to the first block, Ctrl Enter (or ⌘ Enter) reviews the plan; inside a dialog the keys belong to it. */
export function useEditorKeys(keys: EditorKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      if (event.key === 'F8') {
        event.preventDefault();
        latest.current.onFirstBlock();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        latest.current.onReview();
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
