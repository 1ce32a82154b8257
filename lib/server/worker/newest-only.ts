/** Writes of values of which only the newest matters: one at a time, the ones that were overtaken left out. */
export type NewestOnly<T> = {
  /** Never waits and never throws. */
  push(value: T): void;
  /** Resolves when the newest value has been written, or has failed to be. */
  settled(): Promise<void>;
};

/**
 * Keeps a slow or broken database from slowing or breaking what tells its progress.
 * @param onError told of each write that failed.
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
