'use client';

import { useEffect } from 'react';

/** The parts of a page that get the focus when the focused element inside them is removed. */
const keeper = '[data-keeps-focus]';

/** True once a page has been shown: from then on a new one gets the focus. */
let hasShownPage = false;

const isGone = (element: HTMLElement) => !element.isConnected || element.matches(':disabled');

/** Returns the parts of the page around an element that keep the focus, the innermost first. */
function listKeepers(element: HTMLElement): readonly HTMLElement[] {
  const keepers: HTMLElement[] = [];
  let place = element.closest<HTMLElement>(keeper);
  while (place) {
    keepers.push(place);
    place = place.parentElement?.closest<HTMLElement>(keeper) ?? null;
  }
  return keepers;
}

/** Focuses a part of the page, which can't have the focus otherwise. */
function focusPart(part: HTMLElement) {
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true });
}

/**
 * Keeps the focus near the control that was used. A command often removes or disables its own button, and browsers then
 * move the focus to the start of the page: here it moves to the innermost remaining part around the button
 * (`data-keeps-focus`), otherwise to the content. A page that a link or a shortcut opens gets the focus in the same
 * way.
 */
export function FocusKeeper() {
  useEffect(() => {
    /** The element that had the focus last, outside of dialogs, with the parts around it. */
    let last: { readonly element: HTMLElement; readonly keepers: readonly HTMLElement[] } | null = null;

    const focusMain = () => document.getElementById('main')?.focus({ preventScroll: true });
    const isLost = () => {
      const now = document.activeElement;
      return now === null || now === document.body || now === last?.element;
    };
    if (hasShownPage && isLost()) focusMain();
    hasShownPage = true;

    function restore() {
      if (last === null || !isGone(last.element) || !isLost()) return;
      const part = last.keepers.find((each) => each.isConnected && each.matches(keeper));
      last = null;
      if (part === undefined) focusMain();
      else focusPart(part);
    }
    function remember({ target }: FocusEvent) {
      // The focus returns from a dialog or a menu to the control that opened it.
      if (
        !(target instanceof HTMLElement) ||
        target.closest('[role="dialog"], [role="menu"], [role="listbox"]')
      )
        return;
      last = { element: target, keepers: listKeepers(target) };
    }
    /** A press elsewhere moves the focus intentionally. */
    function forget({ target }: PointerEvent) {
      if (
        target instanceof Node &&
        !last?.element.contains(target) &&
        document.activeElement === document.body
      )
        last = null;
    }
    const watch = new MutationObserver(restore);
    watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', remember);
    document.addEventListener('pointerdown', forget);
    return () => {
      watch.disconnect();
      document.removeEventListener('focusin', remember);
      document.removeEventListener('pointerdown', forget);
    };
  }, []);
  return null;
}
