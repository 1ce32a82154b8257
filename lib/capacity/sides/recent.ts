/** Amounts with the time at which they happened, of the last `windowS` seconds. */
export class RecentSum {
  readonly #windowS: number;
  readonly #entries: { readonly atS: number; readonly amount: number }[] = [];
  #first = 0;
  #sum = 0;

  constructor(windowS: number) {
    this.#windowS = windowS;
  }

  add(atS: number, amount: number): void {
    if (amount <= 0) return;
    this.#entries.push({ atS, amount });
    this.#sum += amount;
  }

  /** Returns the sum of the amounts after `nowS` − window. */
  get(nowS: number): number {
    let entry = this.#entries[this.#first];
    while (entry !== undefined && entry.atS <= nowS - this.#windowS) {
      this.#sum -= entry.amount;
      this.#first += 1;
      entry = this.#entries[this.#first];
    }
    if (entry === undefined) {
      this.#entries.length = 0;
      this.#first = 0;
      this.#sum = 0;
    }
    return Math.max(0, this.#sum);
  }
}

/** The largest of the values of the last `windowS` seconds. */
export class RecentMaximum {
  readonly #windowS: number;
  /** Values that are still the largest from their time on: descending. */
  readonly #entries: { readonly atS: number; readonly value: number }[] = [];

  constructor(windowS: number) {
    this.#windowS = windowS;
  }

  add(atS: number, value: number): void {
    while ((this.#entries.at(-1)?.value ?? Infinity) <= value) this.#entries.pop();
    this.#entries.push({ atS, value });
  }

  /** Returns the largest value after `nowS` − window; 0 = none. */
  get(nowS: number): number {
    while ((this.#entries[0]?.atS ?? Infinity) <= nowS - this.#windowS) this.#entries.shift();
    return this.#entries[0]?.value ?? 0;
  }
}
