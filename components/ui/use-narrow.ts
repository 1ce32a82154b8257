'use client';

import { useSyncExternalStore } from 'react';

/** The breakpoint `md` in app/globals.css. */
const query = '(width < 45rem)';

function subscribe(onChange: () => void): () => void {
  const media = window.matchMedia(query);
  media.addEventListener('change', onChange);
  return () => media.removeEventListener('change', onChange);
}

/** Returns whether the screen is too narrow for the graph; false until hydration. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}
