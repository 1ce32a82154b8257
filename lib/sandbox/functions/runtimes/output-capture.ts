/** The maximum output kept of a call in bytes, from its end: error messages are at the end. */
const KEPT_MAX = 64 * 1024;

/**
 * Separates a process's output by call. A mark in the output, which its bootstrap writes after each call, shows where
 * the output of the call ends: output and replies arrive on different pipes, and nothing else orders them.
 */
export class OutputCapture {
  readonly #mark: Buffer;
  /** The start of a possible mark. */
  #carry: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #size = 0;
  #cut = 0;

  /** @param mark must start with a byte that occurs in it only once */
  constructor(mark: Buffer) {
    this.#mark = mark;
  }

  /**
   * Adds data that was read.
   * @returns how many marks it completed
   */
  push(chunk: Buffer): number {
    let rest = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    this.#carry = rest.subarray(rest.length);
    for (let marks = 0; ; marks += 1) {
      const at = rest.indexOf(this.#mark);
      if (at < 0) {
        this.#keepUnlessMark(rest);
        return marks;
      }
      this.#keep(rest.subarray(0, at));
      rest = rest.subarray(at + this.#mark.length);
    }
  }

  /** Returns the output since the last call, at most its last 64 KiB, after a line with the number of missing bytes. */
  take(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    const cut =
      this.#cut === 0 ? '' : `[${this.#cut} bytes before this are cut: a call keeps its last ${KEPT_MAX}]\n`;
    this.#chunks = [];
    this.#size = 0;
    this.#cut = 0;
    return cut + text;
  }

  #keepUnlessMark(bytes: Buffer): void {
    const first = this.#mark[0] ?? 0;
    const at = bytes.indexOf(first, Math.max(0, bytes.length - this.#mark.length + 1));
    const end = at < 0 ? bytes.length : at;
    this.#keep(bytes.subarray(0, end));
    this.#carry = bytes.subarray(end);
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    while (this.#size > KEPT_MAX) {
      const [oldest] = this.#chunks;
      if (oldest === undefined) return;
      const excess = Math.min(this.#size - KEPT_MAX, oldest.length);
      if (excess === oldest.length) this.#chunks.shift();
      else this.#chunks[0] = oldest.subarray(excess);
      this.#size -= excess;
      this.#cut += excess;
    }
  }
}
