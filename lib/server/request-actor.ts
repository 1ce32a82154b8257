import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Role } from '@/lib/policy/roles';

/** The caller of a verb or a query; `role` null: not signed in. */
export type Actor = { readonly name: string; readonly role: Role | null };

/** The user of this machine, who may do everything: without sign-in, the dashboard listens on loopback only. */
export const localActor: Actor = { name: 'local', role: 'administrator' };
export const anonymousActor: Actor = { name: 'anonymous', role: null };

/** The sender of a request. */
export type Caller = {
  readonly actor: Actor;
  /** The client's address; null = unknown. */
  readonly address: string | null;
  /** The Cookie and the User-Agent header. */
  readonly cookie: string | null;
  readonly userAgent: string | null;
  /** The beginning of the API token with which a program asks; absent = a browser asks. */
  readonly token?: string;
};

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
