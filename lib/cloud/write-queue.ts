/**
 * One write at a time per load balancer: while its task runs, the cloud refuses the next one with
 * `FailedOperation.ResourceInOperating` (https://github.com/certimate-go/certimate/issues/861).
 */
export class WriteQueue {
  readonly #boundMs: number;
  readonly #tails = new Map<string, Promise<void>>();

  /** @param boundMs a turn ends on its own after this time: a crashed caller must not block the others forever. */
  constructor(boundMs: number) {
    this.#boundMs = boundMs;
  }

  /**
   * Waits for the turn of this key.
   * @returns a function that ends the turn; calling it again does nothing.
   */
  async turn(key: string): Promise<() => void> {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const before = this.#tails.get(key) ?? Promise.resolve();
    const tail = before.then(() => ended);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    await before;
    const timer = setTimeout(end, this.#boundMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
      end();
    };
  }
}
