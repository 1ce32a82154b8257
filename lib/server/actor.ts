import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { type Access, mayUseEverywhere, mayUseOn, mayUseSomewhere } from '@/lib/policy/access';
import { needsPerson, setsUpFactor } from '@/lib/policy/reauthentication';
import { mayUse } from '@/lib/policy/roles';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';
import { checkRecentSignIn } from './check-recent-sign-in';
import { serverContext } from './context';
import { readFootprint } from './read-footprint';
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
 * The objects of a verb or a query: connections with the regions and domains that the input names, or an object whose
 * connections, regions and domains are stored with it.
 */
export type ObjectScope =
  | {
      readonly connections: readonly string[];
      readonly regions?: readonly string[];
      readonly domains?: readonly string[];
      readonly function?: string;
      /** A stored diversion that the input names besides them. */
      readonly diversion?: string;
    }
  | {
      readonly [kind in
        | 'alertChannel'
        | 'approval'
        | 'calendarFeed'
        | 'changeFreeze'
        | 'deployment'
        | 'diversion'
        | 'plan'
        | 'rehearsal'
        | 'run'
        | 'safetyRule'
        | 'switch'
        | 'token'
        | 'user']?: string;
    };

/**
 * The scope of a verb or a query. `all`: no object that the input names; a query over it returns only what its actor may
 * see.
 */
export type Scope = 'all' | ObjectScope;

/**
 * Returns the actor with the proof of who they are. Without sign-in it is the user of this machine, because the dashboard
 * listens on loopback only. With sign-in or an API token, the web server has found who sent the request; outside of a
 * request there is no session.
 */
export function currentIdentity(): IdentifiedActor {
  const isOff = webProcess().settings.SPILLWAY_SIGN_IN === 'off';
  return requestCaller() ?? (isOff ? localIdentity : anonymousIdentity);
}

/** Returns whether an actor may use an operation on the objects of a scope. Objects that don't exist are in every scope. */
async function isWithin(access: Access, operation: VerbName | QueryName, scope: Scope): Promise<boolean> {
  if (scope === 'all' || mayUseEverywhere(access, operation)) return true;
  const footprint = await readFootprint((await serverContext()).database.db, scope);
  return footprint === null || mayUseOn(access, operation, footprint);
}

/**
 * Decides whether an actor may use a verb or a query on these objects: by the kind of their credential, by whether they have the second
 * factor that everyone needs, by role, by the limits of the role, and by the time of their sign-in.
 */
export async function checkPermission(
  { role, access }: Actor,
  operation: VerbName | QueryName,
  scope: Scope,
): Promise<Result<null, ActionError>> {
  const caller = requestCaller();
  if (caller?.credential.via === 'token' && needsPerson(operation)) return refuse('token.byToken');
  if (!mayUse(null, operation)) {
    if (caller?.lacksSecondFactor && !setsUpFactor(operation)) return refuse('secondFactor.required');
    if (role === null) return refuse('session.missing');
    if (!access.some((grant) => mayUse(grant.role, operation))) return refuse('role.notPermitted', { role });
    if (!mayUseSomewhere(access, operation)) return refuse('scope.everything');
    if (!(await isWithin(access, operation, scope))) return refuse('scope.notPermitted');
  }
  return webProcess().settings.SPILLWAY_SIGN_IN === 'off' ? ok(null) : checkRecentSignIn(operation, scope);
}
