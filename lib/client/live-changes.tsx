'use client';

import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Change } from '@/lib/contract/change';
import { routes } from '@/lib/routes';
import { atMostEvery } from '@/lib/timing/at-most-every';
import { queryKeys } from './queries';

/** Each of many Switches has its own probe rounds, and the board is read as a whole. */
const roundsMs = 1000;

/** The start page shows a little of everything, and each step of a run is a change. */
const overviewMs = 1000;

/** Returns the query keys that show a changed thing. The empty key matches all. */
function listKeys(change: Change): readonly QueryKey[] {
  switch (change.kind) {
    case 'run':
      return [
        queryKeys.run(change.id),
        queryKeys.schedule(),
        queryKeys.switches(),
        queryKeys.rail(),
        queryKeys.drifts(),
      ];
    case 'probes':
      return [queryKeys.runCharts(change.id)];
    case 'testInvocations':
      return [queryKeys.testInvocations(change.id), queryKeys.functions(change.id)];
    case 'functions':
      return [queryKeys.functions(change.id)];
    case 'connection':
      return [queryKeys.rail()];
    case 'estate':
      return [
        queryKeys.functions(change.id),
        queryKeys.estate(change.id),
        queryKeys.bindings(change.id),
        queryKeys.switches(),
        // For all connections: plans of other connections may span this one.
        queryKeys.drifts(),
      ];
    case 'drift':
      return [queryKeys.drift(change.id), queryKeys.rail()];
    case 'deployment':
      return [queryKeys.deployment(change.id)];
    case 'diversion':
    case 'plan':
    case 'policy':
      return [queryKeys.schedule(), queryKeys.rail()];
    case 'schedule':
      return [queryKeys.schedule()];
    case 'traffic':
    case 'checklist':
      // Only the start page shows it, which is read on every change.
      return [];
    case 'round':
      return [queryKeys.switches()];
    case 'switches':
      return [queryKeys.switches(), queryKeys.rail()];
    case 'alerts':
      return [queryKeys.rail()];
    case 'anything':
      return [[]];
  }
}

/**
 * Refetches the queries on screen that a change affects. Each key has one read at a time, and one more after it if it
 * changed meanwhile: changes that arrive faster than the responses would otherwise cancel every response.
 */
export function queryRefresher(client: QueryClient): (change: Change) => void {
  const reading = new Set<string>();
  const changedSince = new Set<string>();

  async function refresh(queryKey: QueryKey): Promise<void> {
    const name = JSON.stringify(queryKey);
    changedSince.add(name);
    if (reading.has(name)) return;
    reading.add(name);
    while (changedSince.delete(name)) await client.invalidateQueries({ queryKey });
    reading.delete(name);
  }

  const readAll = (change: Change) => {
    for (const key of listKeys(change)) void refresh(key);
  };
  const rounds = atMostEvery(roundsMs, () => void refresh(queryKeys.switches()));
  const overview = atMostEvery(overviewMs, () => void refresh(queryKeys.overview()));
  return (change) => {
    if (change.kind !== 'anything') overview.ask();
    if (change.kind === 'round') rounds.ask();
    else readAll(change);
  };
}

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
