/** Writes values of which only the newest matters: one at a time, skipping outdated ones. */
export type NewestOnly<T> = {
  /** Never waits and never throws. */
  push(value: T): void;
  /** Resolves when the newest value has been written, or its write has failed. */
  settled(): Promise<void>;
};

/**
 * Decouples progress reporting from a slow or unavailable database.
 * @param onError called for each failed write
 */
export function newestOnly<T>(
  write: (value: T) => Promise<void>,
  onError: (error: unknown) => void,
): NewestOnly<T> {
  let waiting: { readonly value: T } | null = null;
  let writing: Promise<void> | null = null;
  const writeAll = async (): Promise<void> => {
    while (waiting !== null) {
      const { value }: { readonly value: T } = waiting;
      waiting = null;
      await write(value).catch(onError);
    }
    writing = null;
  };
  return {
    push(value) {
      waiting = { value };
      writing ??= writeAll();
    },
    settled: () => writing ?? Promise.resolve(),
  };
}
