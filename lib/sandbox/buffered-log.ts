/** The log, held back until the sandbox has announced its addresses, because readers expect these in the first line. */
export class BufferedLog {
  #buffer: string[] | null = [];
  readonly #out: { write(text: string): unknown };

  constructor(out: { write(text: string): unknown }) {
    this.#out = out;
  }

  write(line: string): void {
    if (this.#buffer) this.#buffer.push(line);
    else this.#out.write(line);
  }

  /** Writes the first line, then everything held back; from now on the log is written directly. */
  release(firstLine: string): void {
    const held = this.#buffer ?? [];
    this.#buffer = null;
    this.#out.write([firstLine, ...held].join(''));
  }
}
