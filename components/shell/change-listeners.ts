import type { Change } from '@/lib/client/views';

export type ChangeListener = (change: Change) => void;

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

  tell(change: Change): void {
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
