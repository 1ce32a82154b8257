'use client';

import { useEffect, useRef } from 'react';

type EditorKeys = { readonly onFirstBlock: () => void; readonly onReview: () => void };

/**
 * Handles the editor's keys: F8 focuses the first blocking field, Ctrl Enter (or ⌘ Enter) reviews the plan. Inside a
 * dialog the keys belong to the dialog.
 */
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
