'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { fetchJson } from '@/lib/client/fetch-json';
import { useChangeListeners } from '@/lib/client/live-changes';
import { otherBuild } from '@/lib/client/other-build';
import type { Change } from '@/lib/contract/change';
import { routes } from '@/lib/routes';
import { atMostEvery } from '@/lib/timing/at-most-every';

/** The minimum time between refreshes, because the server renders the whole page again for each. */
const refreshMs = 2000;

/**
 * Refreshes the page if the server still has the same build. A server of another build would respond with its own page
 * and discard the input here, so its build is checked first. The update notice covers that case.
 */
async function refreshSame(refresh: () => void): Promise<void> {
  try {
    await fetchJson(routes.api.live(), new AbortController().signal);
  } catch {
    // Changes during that time are reported when the stream reconnects.
    return;
  }
  if (!otherBuild.isSeen()) refresh();
}

/** Keeps a server-rendered page up to date with all objects of some kinds. Renders nothing. */
export function RefreshOnChange({ kinds }: { readonly kinds: readonly Change['kind'][] }) {
  const router = useRouter();
  const listeners = useChangeListeners();
  // A string, so that a new array of the same kinds does not count as a change.
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
