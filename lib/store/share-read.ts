/**
 * Shares a read among concurrent callers: one read runs at a time, and callers that arrive meanwhile share the next. No
 * caller gets a read that started before its call, so the change of which it was notified is included.
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
 * Caches a read for this long from its start, for callers that accept slightly stale data. A failed read is not cached.
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

/**
 * Shares a read among concurrent callers, and keeps its value while the version of what it reads stays the same. A value
 * that is too old is released, so that what is no longer read uses no memory.
 * @param readVersion asked before each call is answered. Equal versions: the read would return the same
 * @param forMs the longest time that a value is kept, from the start of its read
 */
export function keepUntilChanged<T>(
  read: () => Promise<T>,
  readVersion: () => Promise<string>,
  forMs: number,
): () => Promise<T> {
  let kept: { readonly version: string; readonly value: T; readonly until: number } | null = null;
  let release: NodeJS.Timeout | undefined;
  return shareRead(async () => {
    // Before the read: what changes during it gives the next caller another version.
    const version = await readVersion();
    const until = performance.now() + forMs;
    if (kept?.version === version && performance.now() < kept.until) return kept.value;
    const value = await read();
    kept = { version, value, until };
    clearTimeout(release);
    release = setTimeout(() => {
      kept = null;
    }, forMs).unref();
    return value;
  });
}
