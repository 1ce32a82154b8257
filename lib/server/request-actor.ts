import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { grantEverywhere, toAccess } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import { withinMs } from '@/lib/timing/within-ms';

/** The user of this machine, who may do everything: without sign-in, the dashboard listens on loopback only. */
export const localActor: Actor = {
  name: 'local',
  accountId: null,
  role: 'administrator',
  access: toAccess(grantEverywhere('administrator')),
};
export const anonymousActor: Actor = { name: 'anonymous', accountId: null, role: null, access: [] };

/**
 * The proof of who an actor is. `local`: nothing, there is no sign-in; `none`: nothing, they are not signed in. The id is that
 * of the stored session, or the beginning of the token, never the secret itself.
 */
export type Credential =
  | { readonly via: 'local' | 'none' }
  | { readonly via: 'session' | 'token' | 'worker'; readonly id: string };

/** An actor with the proof of who they are. */
export type IdentifiedActor = {
  readonly actor: Actor;
  readonly credential: Credential;
  /** Of a session: the account, and when the person last proved who they are; null = that is not known. */
  readonly session?: { readonly userId: string; readonly authenticatedAt: Date | null };
  /** Of an API token: its row. */
  readonly token?: { readonly id: number };
  /** True if the person must first set up the second factor that everyone needs. */
  readonly lacksSecondFactor?: boolean;
  /** Returns whether the credential still exists, with the rights that it had. Absent = it has no end. */
  readonly isStillPermitted?: () => Promise<boolean>;
};

export const localIdentity: IdentifiedActor = { actor: localActor, credential: { via: 'local' } };
export const anonymousIdentity: IdentifiedActor = { actor: anonymousActor, credential: { via: 'none' } };

/** The sender of a request. */
export type Caller = IdentifiedActor & {
  /** Identifies the request: everything that it records has this id. */
  readonly requestId: string;
  /** The client's address; null = unknown. */
  readonly address: string | null;
  /** The Cookie and the User-Agent header. */
  readonly cookie: string | null;
  readonly userAgent: string | null;
};

/** The request header in which the web server passes the client's address; it removes the one of the client. */
export const clientAddressHeader = 'x-spillway-client';

/** Returns the address of a request's client: behind a trusted proxy, the one that the proxy names. */
export function clientAddress({
  headers,
  socket,
}: Pick<IncomingMessage, 'headers' | 'socket'>): string | null {
  return headers[clientAddressHeader]?.toString() ?? socket.remoteAddress ?? null;
}

/**
 * Returns the network by which a client is counted: its IPv4 address, or the /64 of its IPv6 address, the smallest network
 * that a site gets (RFC 6177): its client chooses among 2^64 addresses.
 */
export function countedNetwork(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return plain;
  const mapped = /^::ffff:([\d.]+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = [], tail] = plain.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = tail === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...(tail ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Describes who sent a request, and from where. */
export function describeCaller(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  identity: IdentifiedActor,
): Caller {
  return {
    ...identity,
    requestId: randomUUID(),
    address: clientAddress(request),
    cookie: request.headers.cookie ?? null,
    userAgent: request.headers['user-agent'] ?? null,
  };
}

/** On `globalThis`, because the web server and Next load this module separately. */
const holder = globalThis as typeof globalThis & { spillwayCallers?: AsyncLocalStorage<Caller> };

function callers(): AsyncLocalStorage<Caller> {
  holder.spillwayCallers ??= new AsyncLocalStorage();
  return holder.spillwayCallers;
}

/** Handles a request on behalf of its caller: everything that `handle` starts has this caller. */
export function actAs<T>(caller: Caller, handle: () => T): T {
  return callers().run(caller, handle);
}

/** Returns the caller of the current request; undefined outside of one. */
export function requestCaller(): Caller | undefined {
  return callers().getStore();
}

/** The longest time to read a credential again, in ms: with the 3 s between two checks, streams end within 5 s. */
const readWithinMs = 1500;

/**
 * Creates the check of the current caller for an answer that outlives their request: it returns whether their credential
 * still exists, with the rights that it had, and throws if that can't be read within 1.5 s.
 */
export function callerCheck(): () => Promise<boolean> {
  const isStillPermitted = requestCaller()?.isStillPermitted ?? (async () => true);
  return () => withinMs(isStillPermitted(), readWithinMs, 'a credential could not be read');
}
