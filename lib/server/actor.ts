import 'server-only';
import type { ActionError } from '@/lib/client/views';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';

/** The caller of a verb or a query. */
export type Actor = { readonly name: string };

/**
 * The scope of a verb or a query: objects of connections, an object whose connections, regions and domains are stored
 * with it, or the whole installation. A query over `all` returns only what its actor may see.
 */
export type Scope =
  | 'all'
  | { readonly connections: readonly string[] }
  | { readonly [kind in 'approval' | 'deployment' | 'diversion' | 'plan' | 'run' | 'switch']?: string };

/** Returns the actor. Until sign-in exists, it is the user of this machine: the dashboard listens on loopback only. */
export function currentActor(): Actor {
  return { name: 'local' };
}

/** Decides whether an actor may use a verb or a query on these objects. Always allowed until roles exist. */
export async function checkPermission(
  _actor: Actor,
  _operation: VerbName | QueryName,
  _scope: Scope,
): Promise<Result<null, ActionError>> {
  return ok(null);
}
