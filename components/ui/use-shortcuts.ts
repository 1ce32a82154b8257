'use client';

import { type RefObject, useEffect, useRef, useSyncExternalStore } from 'react';

/** All shortcuts. `G E` is two keys, one after the other; `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
const shortcuts = [
  'Mod+K',
  '/',
  '?',
  'Escape',
  'N',
  'P',
  'Shift+R',
  'G O',
  'G E',
  'G N',
  'G B',
  'G F',
  'G C',
  'G D',
  'G S',
  'G Y',
  'G W',
  'G X',
  'G T',
  'G A',
] as const;
export type Shortcut = (typeof shortcuts)[number];

type Handlers = Readonly<Partial<Record<Shortcut, () => void>>>;

/** The handlers of all mounted components, in mount order: of two for one key the newest wins. */
const mounted: RefObject<Handlers>[] = [];

/** The timeout for the second key of two, in ms. */
const secondKeyMs = 1500;
/** The time at which `G` was pressed, by the clock of events; null = no second key is expected. */
let firstAt: number | null = null;

/** The storage key of the setting that disables shortcuts of single characters. */
const offKey = 'spillway-shortcuts';

/** Returns whether single-character shortcuts are enabled: users of speech input disable them (WCAG 2.1.4). */
function hasCharacterKeys(): boolean {
  try {
    return localStorage.getItem(offKey) !== 'off';
  } catch {
    return true;
  }
}

const isApple = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** Returns the name of the pressed key with its modifiers: letters in upper case, Shift only with letters. */
function namePressed({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): string | null {
  const name = key.length === 1 ? key.toUpperCase() : key;
  if (isApple() ? metaKey : ctrlKey)
    return altKey || shiftKey || (isApple() ? ctrlKey : metaKey) ? null : `Mod+${name}`;
  if (ctrlKey || metaKey || altKey) return null;
  return /^[A-Z]$/.test(name) && shiftKey ? `Shift+${name}` : name;
}

/** Returns the shortcut that a key press completes. */
function completeShortcut(event: KeyboardEvent): Shortcut | undefined {
  const name = namePressed(event);
  const isSecond = firstAt !== null && event.timeStamp - firstAt < secondKeyMs;
  firstAt = null;
  if (isSecond) return shortcuts.find((shortcut) => shortcut === `G ${name}`);
  if (name === 'G' && mounted.some(({ current }) => current['G E'])) firstAt = event.timeStamp;
  return shortcuts.find((shortcut) => shortcut === name);
}

/** Returns whether a key belongs to the focused element: a field, or a menu with type-ahead. */
function isTyping(target: HTMLElement | null): boolean {
  const field =
    'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], [role="menu"], [role="listbox"]';
  return target?.closest(field) != null;
}

function handleKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  // Shift on the way to `?` is no second key.
  if (event.key === 'Shift') return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isElsewhere = isTyping(target) || target?.closest('[role="dialog"]') != null;
  const isCharacter = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
  if (isCharacter && (isElsewhere || !hasCharacterKeys())) return;
  const shortcut = completeShortcut(event);
  if (shortcut === undefined) return;
  const act = mounted.findLast(({ current }) => current[shortcut])?.current[shortcut];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

/**
 * Handles keys anywhere on the page. Characters are ignored while the user types, holds a modifier, has a menu or a
 * dialog open, or has disabled them. `Escape` and `Mod+K` work in fields and dialogs, too.
 */
export function useShortcuts(keys: Handlers): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (mounted.length === 0) document.addEventListener('keydown', handleKey);
    mounted.push(current);
    return () => {
      mounted.splice(mounted.indexOf(current), 1);
      if (mounted.length === 0) document.removeEventListener('keydown', handleKey);
    };
  }, []);
}

const listeners = new Set<() => void>();
const subscribe = (changed: () => void) => {
  listeners.add(changed);
  return () => listeners.delete(changed);
};

/** Provides whether single-character shortcuts are enabled in this browser, and a function that sets it. */
export function useCharacterKeys(): readonly [boolean, (isOn: boolean) => void] {
  const isOn = useSyncExternalStore(subscribe, hasCharacterKeys, () => true);
  const set = (next: boolean) => {
    try {
      if (next) localStorage.removeItem(offKey);
      else localStorage.setItem(offKey, 'off');
    } catch {
      // Storage may be unavailable: they stay enabled.
    }
    for (const changed of listeners) changed();
  };
  return [isOn, set];
}

/** Provides the name of the `Mod` key on this machine; `Ctrl` while the server renders. */
export function useModKey(): '⌘' | 'Ctrl' {
  return useSyncExternalStore(
    () => () => {},
    () => (isApple() ? '⌘' : 'Ctrl'),
    () => 'Ctrl',
  );
}
