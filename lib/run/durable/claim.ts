/**
 * Tracks the recovery of runs that an earlier process of a worker had started: which of them have resumed in this
 * process.
 */
export type Claim = {
  /** Records that a run has resumed; other runs are ignored. */
  resumed(id: string | undefined): void;
  /**
   * Resolves once all of them have resumed, or after `ms`.
   * @returns the number that had not by then
   */
  within(ms: number): Promise<number>;
};

/** @param ids the workflow ids of the runs to recover */
export function createClaim(ids: readonly string[]): Claim {
  const left = new Set(ids);
  let onLast = () => {};
  return {
    resumed(id) {
      if (id !== undefined && left.delete(id) && left.size === 0) onLast();
    },
    within: (ms) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(bound);
          resolve(left.size);
        };
        const bound = setTimeout(end, ms);
        onLast = end;
        if (left.size === 0) end();
      }),
  };
}
