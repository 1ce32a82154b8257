import type { Attempt } from '@/lib/rehearsal/http/traffic/http-client';
import { createTotals, rounded } from '@/lib/rehearsal/report/recorder';
import type { AnswerSide, HttpFigures, ReportSeries, ReportSeriesName } from '@/lib/rehearsal/report/report';
import type { FailureCause } from '@/lib/rehearsal/traffic/outcomes';

/** The most buckets of a report, and the requests that each has at least, so that its 95 % mean something. */
const bucketsMax = 240;
const requestsLeast = 60;

type Bucket = {
  /** Of the machine. */
  seconds: number;
  offered: number;
  attempts: number;
  served: number;
  byFunction: number;
  byServers: number;
  coldStarts: number;
  busy: number;
  provisioned: number;
  intended: number;
  moved: number;
  readonly waits: number[];
  readonly failedBy: Map<FailureCause, number>;
};

/** The state of the copy at a moment. */
export type CopyState = {
  /** Seconds of the machine since the last one. */
  readonly seconds: number;
  readonly intendedShare: number;
  readonly movedShare: number;
  readonly busyMost: number;
  readonly coldStarts: number;
  readonly provisioned: number;
};

/** Returns the value below which a share of sorted values lies; 0 if there are none. */
function quantile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
}

/** Returns the percentiles of durations; null if there are none. */
export function toLatency(values: readonly number[]): HttpFigures['connections']['latency'] {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((p) => rounded(quantile(sorted, p)));
  return { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, most: most ?? 0 };
}

/** Adds up what real requests have met, in buckets of the rehearsal's time. */
export class HttpRecorder {
  readonly #fromMs: number;
  readonly #zeroMs: number;
  readonly stepS: number;
  readonly #buckets: Bucket[] = [];
  readonly #latencies = { function: [] as number[], servers: [] as number[] };
  readonly #answers = new Map<string, { by: AnswerSide; answer: string; count: number }>();
  onOldAddress = 0;
  readonly totals = createTotals();

  /** @param zeroMs T0; all in epoch ms of the rehearsal's clock */
  constructor(given: {
    readonly fromMs: number;
    readonly untilMs: number;
    readonly zeroMs: number;
    readonly rps: number;
    readonly speed: number;
  }) {
    this.#fromMs = given.fromMs;
    this.#zeroMs = given.zeroMs;
    const most = (given.untilMs - given.fromMs) / 1000 / bucketsMax;
    this.stepS = Math.ceil(Math.max(1, most, (requestsLeast / given.rps) * given.speed));
  }

  offer(atMs: number): void {
    this.#at(atMs).offered += 1;
    this.totals.offered += 1;
  }

  lose(): void {
    this.totals.lost += 1;
  }

  add(atMs: number, { side, answer, cause, totalMs, waitMs, isOnOldAddress }: Attempt): void {
    const bucket = this.#at(atMs);
    bucket.attempts += 1;
    this.totals.attempts += 1;
    if (isOnOldAddress) this.onOldAddress += 1;
    const key = `${side} ${answer}`;
    const known = this.#answers.get(key) ?? { by: side, answer, count: 0 };
    known.count += 1;
    this.#answers.set(key, known);
    if (side === 'function') bucket.byFunction += 1;
    if (side === 'servers') bucket.byServers += 1;
    if (cause !== null) {
      bucket.failedBy.set(cause, (bucket.failedBy.get(cause) ?? 0) + 1);
      this.totals.failedBy.set(cause, (this.totals.failedBy.get(cause) ?? 0) + 1);
      return;
    }
    bucket.served += 1;
    this.totals.served += 1;
    bucket.waits.push(waitMs);
    if (side === 'function' || side === 'servers') this.#latencies[side].push(totalMs);
  }

  sample(atMs: number, moment: CopyState): void {
    const bucket = this.#at(atMs);
    bucket.seconds += moment.seconds;
    bucket.intended += moment.intendedShare * moment.seconds;
    bucket.moved += moment.movedShare * moment.seconds;
    bucket.coldStarts += moment.coldStarts;
    bucket.busy = Math.max(bucket.busy, moment.busyMost);
    bucket.provisioned = Math.max(bucket.provisioned, moment.provisioned);
    this.totals.coldStarts += moment.coldStarts;
    const instances = Math.max(moment.busyMost, moment.provisioned);
    this.totals.peakInstances = Math.max(this.totals.peakInstances, instances);
  }

  /** Returns the series and the largest wait, and sets the peak of the totals. Call it once, at the end. */
  finish(): { readonly series: ReportSeries; readonly cost: null; readonly peakWaitP95S: number } {
    const buckets = this.#buckets;
    const perS = (count: number, { seconds }: Bucket) => rounded(seconds > 0 ? count / seconds : 0);
    const sorted = buckets.map(({ waits }) => waits.toSorted((a, b) => a - b));
    const wait = (index: number, p: number) => rounded(quantile(sorted[index] ?? [], p));
    const columns: Partial<Record<ReportSeriesName, number[]>> = {
      offered: buckets.map((bucket) => perS(bucket.offered, bucket)),
      attempts: buckets.map((bucket) => perS(bucket.attempts, bucket)),
      served: buckets.map((bucket) => perS(bucket.served, bucket)),
      failed: buckets.map((bucket) => perS(bucket.attempts - bucket.served, bucket)),
      intendedShare: buckets.map((bucket) => perS(bucket.intended, bucket)),
      functionShare: buckets.map(({ byFunction, byServers }) =>
        rounded(byFunction === 0 ? 0 : byFunction / (byFunction + byServers)),
      ),
      movedShare: buckets.map((bucket) => perS(bucket.moved, bucket)),
      waitP50Ms: buckets.map((_, index) => wait(index, 0.5)),
      waitP95Ms: buckets.map((_, index) => wait(index, 0.95)),
      waitP99Ms: buckets.map((_, index) => wait(index, 0.99)),
      provisioned: buckets.map(({ provisioned }) => provisioned),
      busy: buckets.map(({ busy }) => busy),
      coldStarts: buckets.map((bucket) => perS(bucket.coldStarts, bucket)),
    };
    this.totals.peakRps = Math.max(0, ...(columns.attempts ?? []));
    const judged = sorted.map((waits, index) => (waits.length < requestsLeast / 2 ? 0 : wait(index, 0.95)));
    const causes = [...this.totals.failedBy.keys()].toSorted();
    const failedBy = causes.map((cause) => [
      cause,
      buckets.map((bucket) => perS(bucket.failedBy.get(cause) ?? 0, bucket)),
    ]);
    return {
      series: {
        fromS: (this.#fromMs - this.#zeroMs) / 1000,
        stepS: this.stepS,
        columns: columns satisfies ReportSeries['columns'],
        failedBy: Object.fromEntries(failedBy),
      },
      cost: null,
      peakWaitP95S: Math.max(0, ...judged) / 1000,
    };
  }

  /** Returns what was measured of responses. */
  figures(): Pick<HttpFigures, 'sent' | 'answered' | 'onOldAddress' | 'answers' | 'latency'> {
    const answers = [...this.#answers.values()].toSorted((a, b) => b.count - a.count);
    const answered = answers.reduce((sum, { by, count }) => (by === 'none' ? sum : sum + count), 0);
    return {
      sent: this.totals.attempts,
      answered,
      onOldAddress: this.onOldAddress,
      answers,
      latency: {
        function: toLatency(this.#latencies.function),
        servers: toLatency(this.#latencies.servers),
      },
    };
  }

  #at(atMs: number): Bucket {
    const index = Math.max(0, Math.floor((atMs - this.#fromMs) / 1000 / this.stepS));
    for (let missing = this.#buckets.length; missing <= index; missing += 1)
      this.#buckets.push(createBucket());
    const bucket = this.#buckets[index];
    if (bucket === undefined) throw new Error(`no bucket ${index}`);
    return bucket;
  }
}

function createBucket(): Bucket {
  return {
    seconds: 0,
    offered: 0,
    attempts: 0,
    served: 0,
    byFunction: 0,
    byServers: 0,
    coldStarts: 0,
    busy: 0,
    provisioned: 0,
    intended: 0,
    moved: 0,
    waits: [],
    failedBy: new Map(),
  };
}
