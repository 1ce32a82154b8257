'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { atMostEvery } from '@/lib/at-most-every';
import type { Change } from '@/lib/client/views';
import { useChangeListeners } from './live-changes';

/** The server renders the whole page anew for it. */
const refreshMs = 2000;

/** Keeps a page that the server renders up to date with all things of some kinds. Shows nothing. */
export function RefreshOnChange({ kinds }: { readonly kinds: readonly Change['kind'][] }) {
  const router = useRouter();
  const listeners = useChangeListeners();
  // As text, so that a new list of the same kinds is none.
  const watched = kinds.join(' ');
  useEffect(() => {
    const refreshing = atMostEvery(refreshMs, () => router.refresh());
    const listener = (change: Change) => {
      if (watched.split(' ').includes(change.kind) || change.kind === 'anything') refreshing.ask();
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      refreshing.stop();
    };
  }, [watched, router, listeners]);
  return null;
}
