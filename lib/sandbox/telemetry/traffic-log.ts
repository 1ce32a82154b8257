import { MinuteSeries } from './minute-series';

/** One answered (or aborted) request at a load balancer. Times are epoch milliseconds. */
export type TrafficSample = {
  readonly at: number;
  readonly uin: string;
  readonly loadBalancerId: string;
  readonly vip: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** null: no rule takes it. Of a rule with several domains the first. */
  readonly rule: { readonly id: string; readonly domain: string; readonly url: string } | null;
  /** null: the load balancer responded itself. */
  readonly backend:
    | { readonly kind: 'target'; readonly instanceId: string; readonly ip: string; readonly port: number }
    | {
        readonly kind: 'function';
        readonly namespace: string;
        readonly name: string;
        /** Version or alias that the rule calls. */
        readonly qualifier: string;
      }
    | null;
  /** The status that the client got. 499: it disconnected first. */
  readonly status: number;
  /** True if the response is from the load balancer itself, as for 502, 503, 504 and redirects. */
  readonly madeByLoadBalancer: boolean;
  readonly durationMs: number;
  /** The duration of the backend alone; null without one. */
  readonly backendMs: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
};

/** A client's connection that was opened or closed at a listener. */
export type ConnectionChange = Pick<TrafficSample, 'at' | 'uin' | 'vip' | 'port' | 'protocol'> & {
  readonly change: 'opened' | 'closed';
};

/**
 * The subject of one series of traffic: a listener and, for requests, their rule and the backend that received them.
 */
export type TrafficDimensions = Pick<TrafficSample, 'uin' | 'vip' | 'port' | 'protocol'> & {
  /** null for connections, and requests that no rule takes. */
  readonly rule: { readonly domain: string; readonly url: string } | null;
  /**
   * As monitoring names backends: a function is `namespace/function/qualifier` with port 0
   * (https://cloud.tencent.com/document/api/214/8801). null = the load balancer itself responded.
   */
  readonly target: { readonly ip: string; readonly port: number } | null;
};

/** The traffic of one minute. Durations are milliseconds, sizes bytes. */
export type TrafficMinute = {
  requests: number;
  /** The number of client responses per status, of any origin. */
  readonly statuses: Map<number, number>;
  /** The number of the load balancer's own responses per status. */
  readonly ownStatuses: Map<number, number>;
  durationMs: number;
  longestMs: number;
  /** Requests that reached a backend, and its total duration. */
  backendRequests: number;
  backendMs: number;
  longestBackendMs: number;
  bytesIn: number;
  bytesOut: number;
  connectionsOpened: number;
  /** The peak of open connections. */
  connectionsPeak: number;
};

/** Returns a minute without traffic. */
export function noTraffic(): TrafficMinute {
  return {
    requests: 0,
    statuses: new Map(),
    ownStatuses: new Map(),
    durationMs: 0,
    longestMs: 0,
    backendRequests: 0,
    backendMs: 0,
    longestBackendMs: 0,
    bytesIn: 0,
    bytesOut: 0,
    connectionsOpened: 0,
    connectionsPeak: 0,
  };
}

/** The traffic of the last day, by minute, listener, rule and backend. */
export class TrafficLog {
  readonly #series = new MinuteSeries<TrafficDimensions, TrafficMinute>(noTraffic);
  /** Connections that are open now, by listener. */
  readonly #open = new Map<string, number>();

  record(sample: TrafficSample): void {
    const { at, status, durationMs, backendMs, backend } = sample;
    const target =
      backend?.kind === 'function'
        ? { ip: `${backend.namespace}/${backend.name}/${backend.qualifier}`, port: 0 }
        : backend && { ip: backend.ip, port: backend.port };
    const minute = this.#series.bucket(
      `${listenerKey(sample)} ${target === null ? '' : `${target.ip} ${target.port}`} ${sample.rule?.id ?? ''}`,
      at,
      () => recordDimensions(sample, sample.rule, target),
    );
    minute.requests += 1;
    minute.statuses.set(status, (minute.statuses.get(status) ?? 0) + 1);
    if (sample.madeByLoadBalancer) {
      minute.ownStatuses.set(status, (minute.ownStatuses.get(status) ?? 0) + 1);
    }
    minute.durationMs += durationMs;
    minute.longestMs = Math.max(minute.longestMs, durationMs);
    if (backendMs !== null) {
      minute.backendRequests += 1;
      minute.backendMs += backendMs;
      minute.longestBackendMs = Math.max(minute.longestBackendMs, backendMs);
    }
    minute.bytesIn += sample.bytesIn;
    minute.bytesOut += sample.bytesOut;
  }

  /** Counts a client's connection; each that was opened must be closed again. */
  recordConnection(connection: ConnectionChange): void {
    const key = listenerKey(connection);
    const open = Math.max(0, (this.#open.get(key) ?? 0) + (connection.change === 'opened' ? 1 : -1));
    if (open === 0) this.#open.delete(key);
    else this.#open.set(key, open);
    const minute = this.#series.bucket(`${key} `, connection.at, () =>
      recordDimensions(connection, null, null),
    );
    if (connection.change === 'opened') minute.connectionsOpened += 1;
    // A closing connection was open within this minute, too.
    const atOnce = connection.change === 'opened' ? open : open + 1;
    minute.connectionsPeak = Math.max(minute.connectionsPeak, atOnce);
  }

  /** Returns the minutes of the wanted series from `from` until before `to`, epoch milliseconds. */
  minutes(isWanted: (dimensions: TrafficDimensions) => boolean, from: number, to: number) {
    return this.#series.between(isWanted, from, to);
  }

  clear(): void {
    this.#series.clear();
    this.#open.clear();
  }
}

type Listener = Pick<TrafficSample, 'uin' | 'vip' | 'port' | 'protocol'>;

function listenerKey({ uin, vip, port, protocol }: Listener): string {
  return `${uin} ${vip} ${port} ${protocol}`;
}

function recordDimensions(
  { uin, vip, port, protocol }: Listener,
  rule: TrafficDimensions['rule'],
  target: TrafficDimensions['target'],
): TrafficDimensions {
  return { uin, vip, port, protocol, rule: rule && { domain: rule.domain, url: rule.url }, target };
}
