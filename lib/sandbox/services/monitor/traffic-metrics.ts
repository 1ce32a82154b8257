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
  return [...classes([3, 4, 5]), ...statuses].map(({ kind, isWanted }) =>
    metric(`ClbHttp${kind}`, 'sum', (total) =>
      createCount(own ? total.ownStatuses : total.statuses, isWanted),
    ),
  );
}

const classes = (firsts: readonly number[], suffix = 'xx') =>
  firsts.map((first) => ({ kind: `${first}${suffix}`, isWanted: inClass(first) }));
const statuses = [404, 499, 502, 503, 504].map((status) => ({
  kind: String(status),
  isWanted: exactly(status),
}));

function metric(name: string, stat: TrafficMetric['stat'], of: TrafficMetric['of']): TrafficMetric {
  return { name, stat, of };
}

/**
 * Returns the metrics of load balancers: https://cloud.tencent.com/document/product/248/51898 (public),
 * https://cloud.tencent.com/document/product/248/51899 (private), with their aggregations.
 * @param own whether `ClbHttp…` counts only responses that the load balancer itself generated
 */
export function trafficMetrics(own: boolean): readonly TrafficMetric[] {
  return [
    metric('TotalReq', 'avg', (total, s) => total.requests / s),
    metric('SuccReq', 'sum', (total) => createCount(total.statuses, (status) => status < 400)),
    metric('ReqAvg', 'avg', (total) => ratio(total.durationMs, total.requests)),
    metric('ReqMax', 'max', (total) => total.longestMs),
    metric('RspAvg', 'avg', (total) => ratio(total.backendMs, total.backendRequests)),
    metric('RspMax', 'max', (total) => total.longestBackendMs),
    metric('RspTimeout', 'sum', (total) => createCount(total.ownStatuses, exactly(504))),
    ...statusMetrics(own),
    ...[...classes([2, 3, 4, 5]), ...statuses].map(({ kind, isWanted }) =>
      metric(`Http${kind}`, 'sum', (total) => fromBackends(total, isWanted)),
    ),
    metric('ClientConnum', 'max', (total) => total.connectionsPeak),
    metric('ClientConcurConn', 'max', (total) => total.connectionsPeak),
    metric('ClientNewConn', 'max', (total, s) => total.connectionsOpened / s),
    metric('ClientIntraffic', 'max', (total, s) => mbps(total.bytesIn, s)),
    metric('ClientOuttraffic', 'max', (total, s) => mbps(total.bytesOut, s)),
    metric('ClientAccIntraffic', 'sum', (total) => total.bytesIn / 1024 / 1024),
    metric('ClientAccOuttraffic', 'sum', (total) => total.bytesOut / 1024 / 1024),
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
  ...[...classes([2, 3, 4, 5], 'XX'), ...statuses.filter(({ kind }) => kind === '404' || kind === '502')].map(
    ({ kind, isWanted }) =>
      metric(`HttpCode${kind}`, 'sum', (total) => createCount(total.statuses, isWanted)),
  ),
];

/** Not counted but computed: the number of servers that a listener finds unhealthy. */
export const unhealthyServers: MetricFacts = { name: 'UnhealthRsCount', stat: 'max' };
