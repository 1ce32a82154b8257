/** One call of a function, however it ended. Times are epoch milliseconds. */
export type InvocationRecord = {
  readonly at: number;
  readonly uin: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  /** What the caller named, and the version that ran. */
  readonly qualifier: string;
  readonly version: string;
  readonly requestId: string;
  /** SCF's status: 200, or such as 430, 432, 433 (https://www.tencentcloud.com/document/product/583/35311). */
  readonly status: number;
  readonly errorMessage: string;
  readonly coldStart: boolean;
  readonly durationMs: number;
  readonly memoryMb: number;
  /** What the code printed. */
  readonly log: string;
  /** The returned value as JSON; '' when there is none. */
  readonly answer: string;
};

/** The last calls of every function. */
export class InvocationLog {
  #records: InvocationRecord[] = [];

  record(record: InvocationRecord): void {
    this.#records.push(record);
  }

  records(): readonly InvocationRecord[] {
    return this.#records;
  }

  clear(): void {
    this.#records = [];
  }
}
