'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { atMostEvery } from '@/lib/at-most-every';
import { fetchJson } from '@/lib/client/fetch-json';
import { otherBuild } from '@/lib/client/other-build';
import type { Change } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { useChangeListeners } from './live-changes';

/** The server renders the whole page anew for it. */
const refreshMs = 2000;

/**
 * A server of another build would answer with a page of its own, and what was entered here would be gone: it is asked
 * first which build it is. The notice of an update tells the rest.
 */
async function refreshSame(refresh: () => void): Promise<void> {
  try {
    await fetchJson(routes.api.live(), new AbortController().signal);
  } catch {
    // Whatever changed meanwhile is told when the stream of changes is back.
    return;
  }
  if (!otherBuild.isSeen()) refresh();
}

/** Keeps a page that the server renders up to date with all things of some kinds. Shows nothing. */
export function RefreshOnChange({ kinds }: { readonly kinds: readonly Change['kind'][] }) {
  const router = useRouter();
  const listeners = useChangeListeners();
  // As text, so that a new list of the same kinds is none.
  const watched = kinds.join(' ');
  useEffect(() => {
    const refreshing = atMostEvery(refreshMs, () => void refreshSame(() => router.refresh()));
    const listener = (change: Change) => {
      if (watched.split(' ').includes(change.kind) || change.kind === 'anything') refreshing.ask();
    };
    const takeOff = listeners.add(listener);
    return () => {
      takeOff();
      refreshing.stop();
    };
  }, [watched, router, listeners]);
  return null;
}
