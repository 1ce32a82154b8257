import type { Agent } from 'node:http';
import type { AssumptionName } from '@/lib/sandbox/world/assumptions';
import type { Account } from './account';
import type { Given, Workspace } from './workspace';

/**
 * The finding of a probe. `value` is comparable with the assumption; `unknown` has the reason why nothing could be
 * determined.
 */
export type Seen =
  | {
      readonly kind: 'value';
      readonly value: string | number;
      /** The evidence in one sentence, with codes and request ids. */
      readonly evidence: string;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export const seen = (value: string | number, evidence: string): Seen => ({ kind: 'value', value, evidence });
export const unknown = (why: string): Seen => ({ kind: 'unknown', why });

export type ReachAnswer = {
  readonly status: number;
  readonly body: string;
  /** The names of the cookies that it sets. */
  readonly cookies: readonly string[];
  /** True if the connection had an earlier request. */
  readonly reused: boolean;
};

/** Ways of a request that differ from a plain one to port 80. */
export type ReachWay = {
  /** A port of HTTPS. The server's certificate is not verified, and no client certificate is sent. */
  readonly tlsPort?: number;
  /** The connections to use; one of its own by default. */
  readonly agent?: Agent;
  /** 30 s by default. */
  readonly timeoutMs?: number;
};

export type ReadContext = { readonly account: Account; readonly now: () => number };
export type WriteContext = ReadContext & {
  readonly workspace: Workspace;
  readonly given: Given;
  /** Sends a GET to a load balancer's address. */
  get(
    vip: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    way?: ReachWay,
  ): Promise<ReachAnswer>;
  /** Asks the zone's own name servers for A records; empty if it has none. */
  resolve(name: string, zone: string): Promise<readonly string[]>;
};

/** A measured amount counts as the expected one within this distance, in the assumption's unit. */
type Measured = { readonly tolerance?: number };

/**
 * The method that checks one assumption. A `read` probe calls nothing that changes or costs anything; a `write` probe
 * works only on resources of the workspace.
 */
export type CertifyProbe =
  | (Measured & { readonly mode: 'read'; run(context: ReadContext): Promise<Seen> })
  | (Measured & {
      readonly mode: 'write';
      readonly needs?: readonly (keyof Given)[];
      run(context: WriteContext): Promise<Seen>;
    })
  /** No account can answer it within the limits of this command; the reason is shown. */
  | { readonly mode: 'none'; readonly why: string };

export type Probes<Name extends AssumptionName = AssumptionName> = { readonly [N in Name]: CertifyProbe };
