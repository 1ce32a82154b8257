/**
 * Where the log goes: held back until the sandbox has said where it is, because readers take its first line for that.
 */
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

  /** Writes the first line, then all that was held; from now on the log flows. */
  release(firstLine: string): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#out.write([firstLine, ...held].join(''));
  }
}
