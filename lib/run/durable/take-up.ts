/** Of the runs that an earlier life of a worker had begun: which of them go on in this one. */
export type TakeUp = {
  /** To be told of each sign that a run goes on; runs that are none of those are let pass. */
  goesOn(id: string | undefined): void;
  /** Resolves once all of them go on, or after `ms`. @returns how many did not by then */
  within(ms: number): Promise<number>;
};

/** @param ids the workflow ids of the runs that were left */
export function takeUpOf(ids: readonly string[]): TakeUp {
  const left = new Set(ids);
  let onLast = () => {};
  return {
    goesOn(id) {
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
