'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { atMostEvery } from '@/lib/at-most-every';
import type { Change } from '@/lib/client/views';
import { useChangeListeners } from './live-changes';

/** The server renders the whole page anew for it. */
const refreshMs = 2000;

/** Keeps a page that the server renders up to date with all things of a kind. Shows nothing. */
export function RefreshOnChange({ kind }: { readonly kind: Change['kind'] }) {
  const router = useRouter();
  const listeners = useChangeListeners();
  useEffect(() => {
    const refreshing = atMostEvery(refreshMs, () => router.refresh());
    const listener = (change: Change) => {
      if (change.kind === kind || change.kind === 'anything') refreshing.ask();
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      refreshing.stop();
    };
  }, [kind, router, listeners]);
  return null;
}
