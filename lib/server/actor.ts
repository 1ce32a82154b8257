import 'server-only';
import type { ActionError } from '@/lib/client/views';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';

/** Whoever uses a verb or a query. */
export type Actor = { readonly name: string };

/**
 * The objects that a verb or a query touches: those of connections, an object whose connections, regions and domains
 * are stored with it, or the whole installation. A query over `all` returns what its actor may see of it.
 */
export type Scope =
  | 'all'
  | { readonly connections: readonly string[] }
  | { readonly [kind in 'approval' | 'deployment' | 'diversion' | 'plan' | 'run' | 'switch']?: string };

/**
 * Returns the actor. Until there is a sign-in, that is whoever uses this machine: the dashboard listens on loopback
 * only.
 */
export function currentActor(): Actor {
  return { name: 'local' };
}

/** Decides whether an actor may use a verb or a query on these objects. Until there are roles, the actor may. */
export async function checkPermission(
  _actor: Actor,
  _operation: VerbName | QueryName,
  _scope: Scope,
): Promise<Result<null, ActionError>> {
  return ok(null);
}
