import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { mayUse } from '@/lib/policy/roles';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';
import { checkRecentSignIn } from './check-recent-sign-in';
import { refuse } from './refusal';
import {
  type Actor,
  anonymousIdentity,
  type IdentifiedActor,
  localIdentity,
  requestCaller,
} from './request-actor';
import { webProcess } from './web-process';

export type { Actor };

/**
 * The scope of a verb or a query: objects of connections, an object whose connections, regions and domains are stored
 * with it, or the whole installation. A query over `all` returns only what its actor may see.
 */
export type Scope =
  | 'all'
  | { readonly connections: readonly string[]; readonly function?: string }
  | {
      readonly [kind in
        | 'alertChannel'
        | 'approval'
        | 'calendarFeed'
        | 'changeFreeze'
        | 'deployment'
        | 'diversion'
        | 'plan'
        | 'run'
        | 'safetyRule'
        | 'switch'
        | 'token'
        | 'user']?: string;
    };

/**
 * Returns the actor with the proof of who they are. Without sign-in it is the user of this machine, because the dashboard
 * listens on loopback only. With sign-in or an API token, the web server has found who sent the request; outside of a
 * request there is no session.
 */
export function currentIdentity(): IdentifiedActor {
  const isOff = webProcess().settings.SPILLWAY_SIGN_IN === 'off';
  return requestCaller() ?? (isOff ? localIdentity : anonymousIdentity);
}

/**
 * Decides whether an actor may use a verb or a query on these objects: by role, since scopes do not exist yet, and by
 * the time of their sign-in.
 */
export async function checkPermission(
  { role }: Actor,
  operation: VerbName | QueryName,
  scope: Scope,
): Promise<Result<null, ActionError>> {
  if (!mayUse(role, operation))
    return role === null ? refuse('session.missing') : refuse('role.notPermitted', { role });
  return webProcess().settings.SPILLWAY_SIGN_IN === 'off' ? ok(null) : checkRecentSignIn(operation, scope);
}
