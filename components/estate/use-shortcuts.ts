'use client';

import { useEffect, useRef } from 'react';

/**
 * Keys that work anywhere on the page, except while someone types, holds a modifier, or a menu or dialog has them.
 * `Escape` works in fields too.
 */
export function useShortcuts(keys: Readonly<Partial<Record<'/' | 'Escape', () => void>>>): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing = target?.matches('input, textarea, select, [contenteditable]') ?? false;
      if (typing && event.key !== 'Escape') return;
      const act = event.key === '/' || event.key === 'Escape' ? current.current[event.key] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
