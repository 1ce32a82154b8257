import type { Owned } from './owner';

/**
 * Probes of the estate from outside, and their results. They are defined with the estate's types, so that a plan can
 * contain a probe, the cloud folder can send it and a run can record the result without depending on each other.
 */

/** An HTTP request through a load balancer's address with a Host header. */
export type HttpProbe = {
  readonly kind: 'http';
  readonly host: string;
  readonly path: string;
  readonly scheme: 'http' | 'https';
  /** The address to connect to: a VIP, or a load balancer's own domain, resolved by the connection's resolver. */
  readonly address: string;
  readonly port: number;
  /** `ip` or `ip:port` of the resolver for a name; absent = the connection's. */
  readonly resolver?: string;
  readonly expect: { readonly status: number; readonly bodyContains: string | null };
};

const defaultPorts = { http: 80, https: 443 } as const;

/** Returns the URL of a probe as clients use it: by name, with the port unless it is the default of its scheme. */
export function getProbeUrl({
  scheme,
  host,
  port,
  path,
}: Pick<HttpProbe, 'scheme' | 'host' | 'port' | 'path'>): string {
  return `${scheme}://${host}${port === defaultPorts[scheme] ? '' : `:${port}`}${path}`;
}

/** A DNS query to the connection's resolver. */
export type DnsProbe = {
  readonly kind: 'dns';
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME';
  readonly expect: { readonly value: string };
};
/** A check that the warm instances requested for a function are ready. */
export type ReadyProbe = Owned & {
  readonly kind: 'ready';
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly qualifier: string;
  readonly expect: { readonly instances: number };
};
export type Probe = HttpProbe | DnsProbe | ReadyProbe;

/** The result of a probe; a connection or resolver failure is a result too, not an exception. */
export type ProbeAnswer = {
  readonly passed: boolean;
  readonly latencyMs: number;
  /** HTTP status, or the DNS response code; null when nothing answered. */
  readonly status: string | null;
  /** The address that was actually probed: `ip:port`. */
  readonly address: string;
  /** First 2,000 characters of the body, or the DNS answers. */
  readonly body: string;
  /** The reason why it did not pass. */
  readonly failure: string | null;
  /**
   * True if nothing answered, or nothing could be sent: this is no evidence about the route, because the cause may be
   * our own network.
   */
  readonly unanswered?: true;
};

/** Sends real probes from outside: HTTP through a VIP with a Host header, DNS through the connection's resolver. */
export interface Prober {
  probe(probe: Probe): Promise<ProbeAnswer>;
}
