import type { Owned } from './owner';

/**
 * Questions asked of the estate from outside, and their answers. They live with the nouns, so that a plan can hold a
 * probe, the cloud folder can ask it and a run can record the answer without knowing each other.
 */

/** An HTTP request through a load balancer's address with a Host header. */
export type HttpProbe = {
  readonly kind: 'http';
  readonly host: string;
  readonly path: string;
  readonly scheme: 'http' | 'https';
  /** Where to connect: a VIP, or a load balancer's own domain, resolved by the connection's resolver. */
  readonly address: string;
  readonly port: number;
  /** `ip` or `ip:port` of the resolver that a name is asked of; absent = the connection's. */
  readonly resolver?: string;
  readonly expect: { readonly status: number; readonly bodyContains: string | null };
};

/** A DNS question to the connection's resolver. */
export type DnsProbe = {
  readonly kind: 'dns';
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME';
  readonly expect: { readonly value: string };
};
/** Whether the instances that a function was asked to keep warm are ready. */
export type ReadyProbe = Owned & {
  readonly kind: 'ready';
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly qualifier: string;
  readonly expect: { readonly instances: number };
};
export type Probe = HttpProbe | DnsProbe | ReadyProbe;

/** The answer to a probe; a connection or resolver failure is an answer too, not an exception. */
export type ProbeAnswer = {
  readonly passed: boolean;
  readonly latencyMs: number;
  /** HTTP status, or the DNS response code; null when nothing answered. */
  readonly status: string | null;
  /** Where it was really asked: `ip:port`. */
  readonly address: string;
  /** First 2,000 characters of the body, or the DNS answers. */
  readonly body: string;
  /** Why it did not pass. */
  readonly failure: string | null;
  /** That nothing answered, or nobody could be asked: this says nothing about the route, and may be our own network. */
  readonly unanswered?: true;
};

/** Asks real questions from outside: HTTP through a VIP with a Host header, DNS through the connection's resolver. */
export interface Prober {
  probe(probe: Probe): Promise<ProbeAnswer>;
}
