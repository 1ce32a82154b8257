import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Access, grantEverywhere, toAccess } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';

/** The caller of a verb or a query. */
export type Actor = {
  readonly name: string;
  /** The highest role of the person, by which they are known; null = not signed in. */
  readonly role: Role | null;
  /** Their roles, each with its limits. */
  readonly access: Access;
};

/** The user of this machine, who may do everything: without sign-in, the dashboard listens on loopback only. */
export const localActor: Actor = {
  name: 'local',
  role: 'administrator',
  access: toAccess(grantEverywhere('administrator')),
};
export const anonymousActor: Actor = { name: 'anonymous', role: null, access: [] };

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
  /** Of a session: the account, and when the person signed in or confirmed that it is they. */
  readonly session?: { readonly userId: string; readonly startedAt: Date };
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
