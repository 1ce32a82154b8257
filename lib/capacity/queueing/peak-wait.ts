import { combinedQuantile, type WeightedWait } from './combined-wait';
import type { Wait } from './wait';

const minuteS = 60;

/**
 * Finds the largest wait of any minute that a share of its requests doesn't exceed. Minutes, so that the result doesn't depend on
 * the length of the steps: monitoring of the cloud has minutes, too. A step belongs to the minute in which it begins.
 */
export class PeakWait {
  readonly #share: number;
  #minute = 0;
  #waits: WeightedWait[] = [];
  /** The largest wait of a step of the minute. That of the minute is not above it. */
  #ofSteps = 0;
  #peakS = 0;

  /** @param share of the requests, such as 0.95 */
  constructor(share: number) {
    this.#share = share;
  }

  /**
   * Begins a step. Steps must be in order.
   * @param atS its start, in seconds
   * @param waitS the wait that the share of its requests doesn't exceed, in seconds
   */
  begin(atS: number, waitS: number): void {
    const minute = Math.floor(atS / minuteS);
    if (minute !== this.#minute) {
      this.#peakS = this.seconds;
      this.#waits = [];
      this.#ofSteps = 0;
      this.#minute = minute;
    }
    this.#ofSteps = Math.max(this.#ofSteps, waitS);
  }

  /**
   * Adds requests of the step.
   * @param weight their number
   */
  add(wait: Wait, weight: number): void {
    if (weight > 0) this.#waits.push({ wait, weight });
  }

  /** The largest wait of the minutes so far. */
  get seconds(): number {
    if (this.#ofSteps <= this.#peakS) return this.#peakS;
    return Math.max(this.#peakS, combinedQuantile(this.#waits, this.#share));
  }
}
