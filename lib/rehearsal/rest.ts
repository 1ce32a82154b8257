/**
 * The rest of a rehearsal, during which it does nothing, so that the machine is free for live runs. The rehearsal's own time
 * is stopped. Real requests in flight continue, and unused connections may end.
 */
export class Rest {
  #end: (() => void) | null = null;
  #over: Promise<void> | null = null;

  /** The end of the current rest; null = there is none. */
  get over(): Promise<void> | null {
    return this.#over;
  }

  begin(): void {
    this.#over ??= new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  end(): void {
    this.#end?.();
    this.#end = null;
    this.#over = null;
  }
}
