/**
 * Shares a read among concurrent callers: one read is under way at a time, and callers that arrive meanwhile share the
 * next. No caller gets a read that began before its call: the change that it has just been notified of is included.
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

/**
 * Makes a reading be used again for this long after it began, by whoever can do with one that is a little old. One that failed is
 * not kept.
 */
export function recentRead<T>(read: () => Promise<T>, forMs: number): () => Promise<T> {
  let kept: { readonly reading: Promise<T>; readonly until: number } | null = null;
  return () => {
    if (kept !== null && performance.now() < kept.until) return kept.reading;
    const mine = { reading: read(), until: performance.now() + forMs };
    kept = mine;
    mine.reading.catch(() => {
      if (kept === mine) kept = null;
    });
    return mine.reading;
  };
}
