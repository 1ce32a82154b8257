/** One answered (or given up) request at a load balancer. Times are epoch milliseconds. */
export type TrafficSample = {
  readonly at: number;
  readonly uin: string;
  readonly loadBalancerId: string;
  readonly vip: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly ruleId: string | null;
  /** null: the load balancer answered by itself. */
  readonly backend:
    | { readonly kind: 'target'; readonly instanceId: string; readonly ip: string; readonly port: number }
    | { readonly kind: 'function'; readonly namespace: string; readonly name: string }
    | null;
  /** What the client got. 499: it went away first. */
  readonly status: number;
  /** Whether the load balancer made the answer, as for 502, 503, 504 and redirects. */
  readonly madeByLoadBalancer: boolean;
  readonly durationMs: number;
  /** Of the backend alone; null without one. */
  readonly backendMs: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
};

/** The requests of the last hours. */
export class TrafficLog {
  #samples: TrafficSample[] = [];

  record(sample: TrafficSample): void {
    this.#samples.push(sample);
  }

  samples(): readonly TrafficSample[] {
    return this.#samples;
  }

  clear(): void {
    this.#samples = [];
  }
}
