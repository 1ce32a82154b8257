import type { TrafficMinute } from '../../telemetry/traffic-log';
import { addStatuses, type CountedMetric, createCount, type MetricFacts, ratio } from './metric';

/** Returns the sum of two; the number of concurrent connections is `together` of the two peaks. */
function merged(
  a: TrafficMinute,
  b: TrafficMinute,
  together: (a: number, b: number) => number,
): TrafficMinute {
  return {
    requests: a.requests + b.requests,
    statuses: addStatuses(a.statuses, b.statuses),
    ownStatuses: addStatuses(a.ownStatuses, b.ownStatuses),
    durationMs: a.durationMs + b.durationMs,
    longestMs: Math.max(a.longestMs, b.longestMs),
    backendRequests: a.backendRequests + b.backendRequests,
    backendMs: a.backendMs + b.backendMs,
    longestBackendMs: Math.max(a.longestBackendMs, b.longestBackendMs),
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    connectionsOpened: a.connectionsOpened + b.connectionsOpened,
    connectionsPeak: together(a.connectionsPeak, b.connectionsPeak),
  };
}

/** Merges traffic of the same minute at two listeners or targets. */
export function beside(a: TrafficMinute, b: TrafficMinute): TrafficMinute {
  return merged(a, b, (left, right) => left + right);
}

/** Merges traffic of two minutes of the same object. */
export function after(a: TrafficMinute, b: TrafficMinute): TrafficMinute {
  return merged(a, b, Math.max);
}

const mbps = (bytes: number, seconds: number) => (bytes * 8) / seconds / 1_000_000;
const inClass = (first: number) => (status: number) => Math.floor(status / 100) === first;
const exactly = (wanted: number) => (status: number) => status === wanted;
const fromBackends = (total: TrafficMinute, isWanted: (status: number) => boolean) =>
  createCount(total.statuses, isWanted) - createCount(total.ownStatuses, isWanted);

type TrafficMetric = CountedMetric<TrafficMinute>;

/**
 * Returns the metrics of statuses that clients received, by class and individually: the page states that those of
 * servers are included.
 */
function statusMetrics(own: boolean): TrafficMetric[] {
  const row = (name: string, kind: string, isWanted: (status: number) => boolean): TrafficMetric => ({
    name,
    unit: 'Count/min',
    stat: 'sum',
    en: `${kind} status codes returned by CLB`,
    zh: `CLB 返回的 ${kind} 状态码`,
    of: (total) => createCount(own ? total.ownStatuses : total.statuses, isWanted),
  });
  return [
    ...[3, 4, 5].map((first) => row(`ClbHttp${first}xx`, `${first}xx`, inClass(first))),
    ...[404, 499, 502, 503, 504].map((status) => row(`ClbHttp${status}`, String(status), exactly(status))),
  ];
}

const backendStatusMetrics: readonly TrafficMetric[] = [
  ...[2, 3, 4, 5].map((first) => ({ kind: `${first}xx`, isWanted: inClass(first) })),
  ...[404, 499, 502, 503, 504].map((status) => ({ kind: String(status), isWanted: exactly(status) })),
].map(({ kind, isWanted }) => ({
  name: `Http${kind}`,
  unit: 'Count/min',
  stat: 'sum',
  en: `${kind} status codes returned by real servers`,
  zh: `${kind} 状态码`,
  of: (total) => fromBackends(total, isWanted),
}));

function metric(
  name: string,
  unit: string,
  stat: TrafficMetric['stat'],
  en: string,
  zh: string,
  of: TrafficMetric['of'],
): TrafficMetric {
  return { name, unit, stat, en, zh, of };
}

/**
 * Returns the metrics of load balancers: https://cloud.tencent.com/document/product/248/51898 (public),
 * https://cloud.tencent.com/document/product/248/51899 (private), with their units and aggregations.
 * @param own whether `ClbHttp…` counts only responses that the load balancer itself generated
 */
export function trafficMetrics(own: boolean): readonly TrafficMetric[] {
  return [
    metric(
      'TotalReq',
      'Count/s',
      'avg',
      'Requests per second',
      '每秒请求数',
      (total, s) => total.requests / s,
    ),
    metric('SuccReq', 'Count/min', 'sum', 'Successful requests', '成功请求数', (total) =>
      createCount(total.statuses, (status) => status < 400),
    ),
    metric('ReqAvg', 'ms', 'avg', 'Average request time', '平均请求时间', (total) =>
      ratio(total.durationMs, total.requests),
    ),
    metric('ReqMax', 'ms', 'max', 'Maximum request time', '最大请求时间', (total) => total.longestMs),
    metric('RspAvg', 'ms', 'avg', 'Average response time', '平均响应时间', (total) =>
      ratio(total.backendMs, total.backendRequests),
    ),
    metric('RspMax', 'ms', 'max', 'Maximum response time', '最大响应时间', (total) => total.longestBackendMs),
    metric('RspTimeout', 'Count/min', 'sum', 'Timed-out responses', '响应超时个数', (total) =>
      createCount(total.ownStatuses, exactly(504)),
    ),
    ...statusMetrics(own),
    ...backendStatusMetrics,
    metric(
      'ClientConnum',
      'Count',
      'max',
      'Client-CLB active connections',
      '客户端到 LB 的活跃连接数',
      (total) => total.connectionsPeak,
    ),
    metric(
      'ClientConcurConn',
      'Count',
      'max',
      'Client-CLB concurrent connections',
      '客户端到 LB 的并发连接数',
      (total) => total.connectionsPeak,
    ),
    metric(
      'ClientNewConn',
      'Count/s',
      'max',
      'Client-CLB new connections',
      '客户端到 LB 的新建连接数',
      (total, s) => total.connectionsOpened / s,
    ),
    metric(
      'ClientIntraffic',
      'Mbps',
      'max',
      'Client-CLB inbound bandwidth',
      '客户端到 LB 的入带宽',
      (total, s) => mbps(total.bytesIn, s),
    ),
    metric(
      'ClientOuttraffic',
      'Mbps',
      'max',
      'Client-CLB outbound bandwidth',
      '客户端到 LB 的出带宽',
      (total, s) => mbps(total.bytesOut, s),
    ),
    metric(
      'ClientAccIntraffic',
      'MB',
      'sum',
      'Client-CLB inbound traffic',
      '客户端到 LB 的入流量',
      (total) => total.bytesIn / 1024 / 1024,
    ),
    metric(
      'ClientAccOuttraffic',
      'MB',
      'sum',
      'Client-CLB outbound traffic',
      '客户端到 LB 的出流量',
      (total) => total.bytesOut / 1024 / 1024,
    ),
  ];
}

/** The rule metrics that count the same as a load balancer metric, each with the name of the latter. */
const ruleNames: Readonly<Record<string, string>> = {
  QPS: 'TotalReq',
  ResponseTimeoutNum: 'RspTimeout',
  ResponseTimeAverage: 'RspAvg',
  ResponseTimeMax: 'RspMax',
  RequestTimeAverage: 'ReqAvg',
  RequestTimeMax: 'ReqMax',
  ConNum: 'ClientConnum',
  NewConn: 'ClientNewConn',
  InTraffic: 'ClientIntraffic',
  OutTraffic: 'ClientOuttraffic',
};

/**
 * Metrics of domains and URLs of rules, but for packets, which nothing counts here:
 * https://cloud.tencent.com/document/product/248/51768. The status codes are all that clients got.
 */
export const ruleMetrics: readonly TrafficMetric[] = [
  ...Object.entries(ruleNames).flatMap(([name, counted]) =>
    trafficMetrics(false).flatMap((each) => (each.name === counted ? [{ ...each, name }] : [])),
  ),
  ...[
    ...[2, 3, 4, 5].map((first) => ({ kind: `${first}XX`, isWanted: inClass(first) })),
    ...[404, 502].map((status) => ({ kind: String(status), isWanted: exactly(status) })),
  ].map(
    ({ kind, isWanted }): TrafficMetric => ({
      name: `HttpCode${kind}`,
      unit: 'Count/min',
      stat: 'sum',
      en: `${kind} status codes`,
      zh: `${kind} 状态码`,
      of: (total) => createCount(total.statuses, isWanted),
    }),
  ),
];

/** Not counted but computed: the number of servers that a listener finds unhealthy. */
export const unhealthyServers: MetricFacts = {
  name: 'UnhealthRsCount',
  unit: 'Count',
  stat: 'max',
  en: 'Unhealthy real servers',
  zh: '健康检查异常数',
};
