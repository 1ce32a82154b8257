/** A log line as the control API returns it: numbered from 1 in the order of writing. */
export type NumberedLine = { readonly number: number; readonly line: object };

const kept = 1000;

/** The last lines of the sandbox's log, as they were written. */
export class RecentLog {
  #lines: string[] = [];
  #written = 0;

  /** @param line one line of JSON */
  write(line: string): void {
    this.#written += 1;
    this.#lines.push(line);
    if (this.#lines.length > 2 * kept) this.#lines = this.#lines.slice(-kept);
  }

  /** Returns the available lines after the line with this number. */
  after(number: number): readonly NumberedLine[] {
    const lines = this.#lines.slice(-kept);
    const first = this.#written - lines.length + 1;
    return lines
      .map((text, index) => ({ number: first + index, text }))
      .filter((line) => line.number > number)
      .map((line) => ({ number: line.number, line: Object(JSON.parse(line.text)) }));
  }
}
