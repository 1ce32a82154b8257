import { type InvocationMinute, noCalls } from '../../telemetry/invocation-log';
import type { ActionContext } from '../action';
import {
  addStatuses,
  type CountedMetric,
  createCount,
  createReading,
  type MetricReading,
  ratio,
} from './metric';

/**
 * Adds the calls of two versions in a minute, or of two minutes. The peak of a function is stored in each of its
 * versions.
 */
function addCalls(a: InvocationMinute, b: InvocationMinute): InvocationMinute {
  return {
    calls: a.calls + b.calls,
    statuses: addStatuses(a.statuses, b.statuses),
    durationMs: a.durationMs + b.durationMs,
    memoryPeakMb: Math.max(a.memoryPeakMb, b.memoryPeakMb),
    concurrencyPeak: Math.max(a.concurrencyPeak, b.concurrencyPeak),
    bytesOut: a.bytesOut + b.bytesOut,
  };
}

type InvocationMetric = CountedMetric<InvocationMinute>;

/**
 * Calls rejected by the concurrency or by the burst limit of new instances:
 * https://www.tencentcloud.com/document/product/583/35311
 */
const isThrottled = (status: number) => status === 432 || status === 429;
const isPlatform = (status: number) => status >= 500;
const isError = (status: number) => status !== 200 && !isThrottled(status);
const ran = (total: InvocationMinute) => total.calls - createCount(total.statuses, isThrottled);

function metric(name: string, stat: InvocationMetric['stat'], of: InvocationMetric['of']): InvocationMetric {
  return { name, stat, of };
}

const counted = (name: string, isWanted: (status: number) => boolean) =>
  metric(name, 'sum', (total) => createCount(total.statuses, isWanted));

/** Metrics of functions, with their aggregations: https://cloud.tencent.com/document/product/248/37207 */
export const invocationMetrics: readonly InvocationMetric[] = [
  metric('Invocation', 'sum', (total) => total.calls),
  counted('Error', isError),
  counted('Throttle', isThrottled),
  metric('ConcurrentExecutions', 'max', (total) => total.concurrencyPeak),
  metric('Duration', 'avg', (total) => ratio(total.durationMs, ran(total))),
  metric('BillDuration', 'sum', (total) => Math.ceil(total.durationMs)),
  metric('Mem', 'max', (total) => total.memoryPeakMb),
  metric('OutFlow', 'sum', (total) => total.bytesOut / 1024),
  counted('Syserr', isPlatform),
  counted('Http2xx', (status) => Math.floor(status / 100) === 2),
  counted('Http4xx', (status) => Math.floor(status / 100) === 4),
  counted('Http432', (status) => status === 432),
  counted('Http433', (status) => status === 433),
  counted('Http434', (status) => status === 434),
  metric('FunctionErrorPercentage', 'avg', (total) => {
    const failed = createCount(total.statuses, (status) => isError(status) && !isPlatform(status));
    return 100 * ratio(failed, total.calls);
  }),
  metric(
    'ServerErrorPercentage',
    'avg',
    (total) => 100 * ratio(createCount(total.statuses, isPlatform), total.calls),
  ),
];

/** Returns a metric of a function, or of the calls of one version or alias; null when there is no such function. */
export function functionReading(
  name: string,
  values: DimensionValues,
  { account, region, now, telemetry }: ActionContext,
): MetricReading | null {
  const namespace = values.get('namespace') ?? 'default';
  const functionName = values.get('functionName') ?? '';
  const [version, alias] = [values.get('version'), values.get('alias')];
  const metric = invocationMetrics.find((each) => each.name === name);
  if (!metric || !account.functions[`${region}/${namespace}/${functionName}`]) return null;
  const minutes = new Map<number, InvocationMinute>();
  const calls = telemetry.invocations.minutes(
    (series) =>
      series.uin === account.uin &&
      series.region === region &&
      series.namespace === namespace &&
      series.name === functionName &&
      (version === undefined || series.version === version) &&
      (alias === undefined || series.qualifier === alias),
    0,
    now + 1,
  );
  for (const { minute, bucket } of calls) {
    minutes.set(minute, addCalls(minutes.get(minute) ?? noCalls(), bucket));
  }
  return createReading(metric, minutes, noCalls, addCalls);
}

/** The dimensions of one object, by name. */
export type DimensionValues = ReadonlyMap<string, string>;
