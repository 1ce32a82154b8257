/** The number of minutes per series: a day, plus an hour so that the previous day is complete at any time. */
const minutesKept = 25 * 60;
const minuteMs = 60_000;
const seriesKept = 10_000;

type Series<Dimensions, Bucket> = {
  readonly dimensions: Dimensions;
  /** By start of the minute, oldest first. */
  readonly minutes: Map<number, Bucket>;
};

/**
 * Event counts per minute, for any number of objects. Memory does not grow with the number of events within a minute,
 * and counting one event takes the same time however many came before. Times are epoch ms.
 */
export class MinuteSeries<Dimensions, Bucket> {
  readonly #series = new Map<string, Series<Dimensions, Bucket>>();
  readonly #empty: () => Bucket;
  #sweptAt = 0;

  constructor(empty: () => Bucket) {
    this.#empty = empty;
  }

  /**
   * Returns the bucket of a series in the minute of `at`.
   * @param key distinguishes the series from all others, as its dimensions do
   */
  bucket(key: string, at: number, dimensions: () => Dimensions): Bucket {
    const minute = at - (at % minuteMs);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { dimensions: dimensions(), minutes: new Map() };
      this.#series.set(key, series);
    }
    let bucket = series.minutes.get(minute);
    if (bucket === undefined) {
      bucket = this.#empty();
      series.minutes.set(minute, bucket);
      if (minute > this.#sweptAt) this.#sweep(minute);
    }
    return bucket;
  }

  /**
   * Yields the buckets of the wanted series from `from` until before `to`: start of the minute and bucket, in no order.
   */
  *between(
    isWanted: (dimensions: Dimensions) => boolean,
    from: number,
    to: number,
  ): Generator<{ minute: number; bucket: Bucket }> {
    for (const { dimensions, minutes } of this.#series.values()) {
      if (!isWanted(dimensions)) continue;
      for (const [minute, bucket] of minutes) if (minute >= from && minute < to) yield { minute, bucket };
    }
  }

  clear(): void {
    this.#series.clear();
    this.#sweptAt = 0;
  }

  /** Once a minute, drops minutes that are too old, and series that have none left. */
  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [key, { minutes }] of this.#series) {
      for (const minute of minutes.keys()) if (minute <= now - minutesKept * minuteMs) minutes.delete(minute);
      if (minutes.size === 0 || this.#series.size > seriesKept) this.#series.delete(key);
    }
  }
}
