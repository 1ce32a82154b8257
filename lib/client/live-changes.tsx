'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { routes } from '@/lib/routes';
import { queryRefresher } from './refresh-queries';
import type { Change } from './views';

/** Browsers reconnect a broken stream on their own, but not a refused one. */
const refusedAgainMs = 15_000;

/**
 * Follows changes on the server while the page is visible. A hidden page closes the stream: browsers keep no more than
 * six connections to a server across all their tabs. Each stream begins with `anything`, so that no change is missed
 * between two streams.
 * @returns a function that stops it
 */
export function followChanges(notify: (change: Change) => void): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = null;
  };
  const open = () => {
    const own = new EventSource(routes.api.changes());
    source = own;
    own.onmessage = ({ data }) => notify(JSON.parse(data) as Change);
    own.onerror = () => {
      if (source === own && own.readyState === EventSource.CLOSED) again = setTimeout(open, refusedAgainMs);
    };
  };
  const look = () => {
    close();
    if (document.visibilityState === 'visible') open();
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    close();
  };
}

type ChangeListener = (change: Change) => void;

/**
 * The time that a change is kept for a page that starts listening later: the server may have rendered the page before
 * the change, and the page listens only once it is shown.
 */
const rememberedMs = 5000;

/**
 * The listeners to the changes of a page's stream. A listener added a moment late receives the changes it has just
 * missed.
 */
export class ChangeListeners {
  readonly #listeners = new Set<ChangeListener>();
  #recent: readonly { readonly change: Change; readonly at: number }[] = [];

  notify(change: Change): void {
    const at = Date.now();
    // The message that anything may have changed concerns the time before the stream; a page that starts listening
    // later was rendered since.
    const known = this.#recent.filter((told) => told.at > at - rememberedMs);
    this.#recent = change.kind === 'anything' ? known : [...known, { change, at }];
    for (const listener of this.#listeners) listener(change);
  }

  /** @returns a function that removes the listener */
  add(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    const since = Date.now() - rememberedMs;
    for (const { change, at } of this.#recent) if (at > since) listener(change);
    return () => this.#listeners.delete(listener);
  }
}

/** The listeners of the page's single stream. */
export const Listeners = createContext(new ChangeListeners());

/** The page's single stream of changes: it keeps the live reads fresh, and notifies other listeners. */
export function LiveChanges({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [listeners] = useState(() => new ChangeListeners());
  useEffect(() => {
    const refresh = queryRefresher(client);
    return followChanges((change) => {
      refresh(change);
      listeners.notify(change);
    });
  }, [client, listeners]);
  return <Listeners value={listeners}>{children}</Listeners>;
}

/** Returns the listeners to the changes of this page's stream. */
export function useChangeListeners(): ChangeListeners {
  return useContext(Listeners);
}
