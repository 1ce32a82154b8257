import { MinuteSeries } from './minute-series';

/** One call of a function, however it ended. Times are epoch milliseconds. */
export type InvocationRecord = {
  readonly at: number;
  readonly uin: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  /** The qualifier that the caller named, and the version that ran. */
  readonly qualifier: string;
  readonly version: string;
  readonly requestId: string;
  /** SCF's status: 200, or others such as 430, 432, 433 (https://www.tencentcloud.com/document/product/583/35311). */
  readonly status: number;
  readonly errorMessage: string;
  readonly coldStart: boolean;
  readonly durationMs: number;
  readonly memoryMb: number;
  /** The number of concurrent calls of the function when this one started, including itself; 0 if it never ran. */
  readonly concurrency: number;
  /** The output of the code. */
  readonly log: string;
  /** The returned value as JSON; '' without one. */
  readonly answer: string;
};

/** The dimensions of one series of calls. */
export type InvocationDimensions = Pick<
  InvocationRecord,
  'uin' | 'region' | 'namespace' | 'name' | 'qualifier' | 'version'
>;

/** The calls of one minute. */
export type InvocationMinute = {
  calls: number;
  /** The number of results per SCF status. */
  readonly statuses: Map<number, number>;
  durationMs: number;
  /** The peak memory of a single call, in MB. */
  memoryPeakMb: number;
  concurrencyPeak: number;
  bytesOut: number;
};

/** Returns a minute without calls. */
export function noCalls(): InvocationMinute {
  return {
    calls: 0,
    statuses: new Map(),
    durationMs: 0,
    memoryPeakMb: 0,
    concurrencyPeak: 0,
    bytesOut: 0,
  };
}

/** The maximum number of calls with logs, and the maximum length of logs and responses in characters. */
const recordsKept = 5000;
const charactersKept = 64 * 1024 * 1024;

/** The last calls of all functions with their logs, and counts per minute of the calls of the last day. */
export class InvocationLog {
  #records: InvocationRecord[] = [];
  /** Index of the oldest retained record: older records are dropped once there are enough of them. */
  #first = 0;
  #characters = 0;
  readonly #series = new MinuteSeries<InvocationDimensions, InvocationMinute>(noCalls);

  record(record: InvocationRecord): void {
    this.#count(record);
    this.#records.push(record);
    this.#characters += recordSize(record);
    this.#forget();
  }

  /** Returns the records, oldest first. */
  records(): readonly InvocationRecord[] {
    return this.#records.slice(this.#first);
  }

  /** Returns the minutes of the wanted series from `from` until before `to`, epoch milliseconds. */
  minutes(isWanted: (dimensions: InvocationDimensions) => boolean, from: number, to: number) {
    return this.#series.between(isWanted, from, to);
  }

  clear(): void {
    this.#records = [];
    this.#first = 0;
    this.#characters = 0;
    this.#series.clear();
  }

  #count(record: InvocationRecord): void {
    const { uin, region, namespace, name, qualifier, version, status } = record;
    const minute = this.#series.bucket(
      `${uin} ${region} ${namespace} ${name} ${qualifier} ${version}`,
      record.at,
      () => ({ uin, region, namespace, name, qualifier, version }),
    );
    minute.calls += 1;
    minute.statuses.set(status, (minute.statuses.get(status) ?? 0) + 1);
    minute.durationMs += record.durationMs;
    minute.memoryPeakMb = Math.max(minute.memoryPeakMb, record.memoryMb);
    minute.concurrencyPeak = Math.max(minute.concurrencyPeak, record.concurrency);
    minute.bytesOut += Buffer.byteLength(record.answer);
  }

  #forget(): void {
    while (
      this.#records.length - this.#first > recordsKept ||
      (this.#characters > charactersKept && this.#records.length - this.#first > 1)
    ) {
      const oldest = this.#records[this.#first];
      if (oldest === undefined) return;
      this.#characters -= recordSize(oldest);
      this.#first += 1;
    }
    if (this.#first < recordsKept) return;
    this.#records = this.#records.slice(this.#first);
    this.#first = 0;
  }
}

function recordSize({ log, answer, errorMessage }: InvocationRecord): number {
  return log.length + answer.length + errorMessage.length;
}
