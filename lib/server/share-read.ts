/**
 * Makes a reading that many ask for at the same time be done once for all of them: one is under way at a time, and whoever asks
 * meanwhile shares the next. Nobody gets one that had begun before they asked: what they have just heard of is in it.
 */
export function shareRead<T>(read: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= last.then(() => {
      next = null;
      const begun = read();
      last = begun.catch(() => {});
      return begun;
    });
    return next;
  };
}
