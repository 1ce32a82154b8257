/** The log, held back until the sandbox has announced its addresses, because readers expect these in the first line. */
export class HeldLog {
  #held: string[] | null = [];
  readonly #out: { write(text: string): unknown };

  constructor(out: { write(text: string): unknown }) {
    this.#out = out;
  }

  write(line: string): void {
    if (this.#held) this.#held.push(line);
    else this.#out.write(line);
  }

  /** Writes the first line, then everything held back; from now on the log is written directly. */
  release(firstLine: string): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#out.write([firstLine, ...held].join(''));
  }
}
