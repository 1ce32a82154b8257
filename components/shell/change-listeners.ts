import type { Change } from '@/lib/client/views';

export type ChangeListener = (change: Change) => void;

/**
 * How long a change is remembered for a page that comes after it: the server may have rendered the page before the change,
 * and the page listens only once it is shown.
 */
const rememberedMs = 5000;

/** Who is told of the changes of a page's stream. One who comes a moment late is told of what it has just missed. */
export class ChangeListeners {
  readonly #listeners = new Set<ChangeListener>();
  #recent: readonly { readonly change: Change; readonly at: number }[] = [];

  tell(change: Change): void {
    const at = Date.now();
    // That anything may have changed is said of the time before the stream: a page that comes later was rendered since.
    const known = this.#recent.filter((told) => told.at > at - rememberedMs);
    this.#recent = change.kind === 'anything' ? known : [...known, { change, at }];
    for (const listener of this.#listeners) listener(change);
  }

  /** @returns takes the listener off */
  add(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    const since = Date.now() - rememberedMs;
    for (const { change, at } of this.#recent) if (at > since) listener(change);
    return () => this.#listeners.delete(listener);
  }
}
