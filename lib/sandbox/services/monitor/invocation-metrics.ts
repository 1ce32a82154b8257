import type { InvocationMinute } from '../../telemetry/invocation-log';
import { addStatuses, type CountedMetric, createCount, ratio } from './metric';

/**
 * Adds the calls of two versions in a minute, or of two minutes. The peak of a function is stored in each of its
 * versions.
 */
export function addCalls(a: InvocationMinute, b: InvocationMinute): InvocationMinute {
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
/** Calls that reached the code; only these have a duration. */
const ran = (total: InvocationMinute) => total.calls - createCount(total.statuses, isThrottled);

function metric(
  name: string,
  unit: string,
  stat: InvocationMetric['stat'],
  en: string,
  zh: string,
  of: InvocationMetric['of'],
): InvocationMetric {
  return { name, unit, stat, en, zh, of };
}

const counted = (name: string, en: string, zh: string, isWanted: (status: number) => boolean) =>
  metric(name, 'Count', 'sum', en, zh, (total) => createCount(total.statuses, isWanted));

/** Metrics of functions, with their units and aggregations: https://cloud.tencent.com/document/product/248/37207 */
export const invocationMetrics: readonly InvocationMetric[] = [
  metric('Invocation', 'Count', 'sum', 'Calls', '调用次数', (total) => total.calls),
  counted('Error', 'Calls that failed', '错误次数', isError),
  counted('Throttle', 'Calls kept out by limits', '受限次数', isThrottled),
  metric(
    'ConcurrentExecutions',
    'Count',
    'max',
    'Concurrent executions',
    '并发执行次数',
    (total) => total.concurrencyPeak,
  ),
  metric('Duration', 'ms', 'avg', 'Average duration', '运行时间', (total) =>
    ratio(total.durationMs, ran(total)),
  ),
  metric('BillDuration', 'ms', 'sum', 'Billed duration', '计费时间', (total) => Math.ceil(total.durationMs)),
  metric('Mem', 'MB', 'max', 'Memory used', '运行内存', (total) => total.memoryPeakMb),
  metric('OutFlow', 'KB', 'sum', 'Outbound traffic', '外网出流量', (total) => total.bytesOut / 1024),
  counted('Syserr', 'Platform errors', '系统内部错误', isPlatform),
  counted('Http2xx', 'Successful calls', '正确调用次数', (status) => Math.floor(status / 100) === 2),
  counted('Http4xx', 'Request errors', '请求错误次数', (status) => Math.floor(status / 100) === 4),
  counted('Http432', 'Resource limit exceeded', '资源超过限制', (status) => status === 432),
  counted('Http433', 'Execution timeouts', '函数执行超时', (status) => status === 433),
  counted('Http434', 'Memory limit exceeded', '内存超过限制', (status) => status === 434),
  metric(
    'FunctionErrorPercentage',
    '%',
    'avg',
    'Function error rate',
    '函数错误率',
    (total) =>
      100 *
      ratio(
        createCount(total.statuses, (status) => isError(status) && !isPlatform(status)),
        total.calls,
      ),
  ),
  metric(
    'ServerErrorPercentage',
    '%',
    'avg',
    'Platform error rate',
    '平台错误率',
    (total) => 100 * ratio(createCount(total.statuses, isPlatform), total.calls),
  ),
];
