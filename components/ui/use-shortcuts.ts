'use client';

import { useEffect, useRef } from 'react';

const shortcuts = ['/', 'Escape', 'P', 'Shift+R'] as const;
type Shortcut = (typeof shortcuts)[number];

/** Returns the name of the pressed key: letters in upper case, with Shift only if a shortcut has it. */
function pressed({ key, shiftKey }: KeyboardEvent): Shortcut | undefined {
  const name = key.length === 1 ? key.toUpperCase() : key;
  const isLetter = /^[A-Z]$/.test(name);
  return shortcuts.find((shortcut) => shortcut === (isLetter && shiftKey ? `Shift+${name}` : name));
}

/**
 * Handles keys anywhere on the page, except while someone types, holds a modifier, or a menu or dialog has the focus.
 * `Escape` works in fields too.
 */
export function useShortcuts(keys: Readonly<Partial<Record<Shortcut, () => void>>>): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing = target?.matches('input, textarea, select, [contenteditable]') ?? false;
      if (typing && event.key !== 'Escape') return;
      if (target?.closest('[role="dialog"]') && event.key !== 'Escape') return;
      const shortcut = pressed(event);
      const act = shortcut && current.current[shortcut];
      if (act === undefined) return;
      event.preventDefault();
      act();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
