import 'server-only';
import { eq, inArray, sql } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import { connections, diversions, plans, runs, switches } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { type Access, mayUseEverywhere, mayUseOn, mayUseSomewhere } from '@/lib/policy/access';
import type { Actor, Scope } from '@/lib/policy/actor';
import { needsPerson, needsRecentSignIn, recentMs, setsUpFactor } from '@/lib/policy/reauthentication';
import { mayUse } from '@/lib/policy/roles';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { getRelyingParty } from '@/lib/relying-party';
import { ok, type Result } from '@/lib/result';
import { serverContext } from '@/lib/store/context';
import { readFootprint } from '@/lib/store/read-footprint';
import { refuse } from '@/lib/store/refusal';
import { webProcess } from '@/lib/store/web-process';
import { hasPasskey, hasSecondFactor } from './has-second-factor';
import { anonymousIdentity, type IdentifiedActor, localIdentity, requestCaller } from './request-actor';
import { isSsoPerson } from './sso-link';

/**
 * Returns whether a verb touches a real account. An object that doesn't exist is on none; a scope of another kind, such as
 * a safety rule, may concern any account.
 */
async function touchesRealAccount(scope: Scope): Promise<boolean> {
  const { db } = (await serverContext()).database;
  const isAnyReal = async () => (await db.$count(connections, eq(connections.kind, 'tencent'))) > 0;
  if (scope === 'all') return isAnyReal();
  if ('connections' in scope) {
    const kinds = db.selectDistinct({ kind: connections.kind }).from(connections);
    const found = await kinds.where(inArray(connections.id, [...scope.connections]));
    return found.some(({ kind }) => kind === 'tencent');
  }
  const { plan, diversion, switch: switchId, run, ...others } = scope;
  if (Object.keys(others).length > 0) return isAnyReal();
  if (run !== undefined) {
    const [found] = await db
      .select({ kind: connections.kind })
      .from(runs)
      .innerJoin(plans, eq(plans.id, runs.planId))
      .innerJoin(connections, eq(connections.id, plans.connectionId))
      .where(sql`${runs.id} = ${run}`);
    if (found?.kind === 'tencent') return true;
  }
  const holders = [
    plan === undefined ? null : { table: plans, id: plan },
    diversion === undefined ? null : { table: diversions, id: diversion },
    switchId === undefined ? null : { table: switches, id: switchId },
  ].filter((holder) => holder !== null);
  for (const { table, id } of holders) {
    const [found] = await db
      .select({ kind: connections.kind })
      .from(table)
      .innerJoin(connections, eq(connections.id, table.connectionId))
      .where(sql`${table.id} = ${id}`);
    if (found?.kind === 'tencent') return true;
  }
  return false;
}

/** Refuses a verb that needs a recent sign-in (`lib/policy/reauthentication.ts`) if the caller's is older. */
export async function checkRecentSignIn(
  operation: VerbName | QueryName,
  scope: Scope,
): Promise<Result<null, ActionError>> {
  const needs = needsRecentSignIn(operation);
  if (needs === 'never') return ok(null);
  const { session, credential } = requestCaller() ?? {};
  if (credential?.via === 'token') return needs === 'person' ? refuse('token.byToken') : ok(null);
  const authenticatedAt = session?.authenticatedAt ?? null;
  if (authenticatedAt !== null && Date.now() - authenticatedAt.getTime() < recentMs) return ok(null);
  if (needs === 'realAccount' && !(await touchesRealAccount(scope))) return ok(null);
  const { db } = (await serverContext()).database;
  const userId = session?.userId;
  const oidc = getOidcSettings(webProcess().settings);
  if (oidc !== null && userId !== undefined && (await isSsoPerson(db, userId)))
    return refuse('session.notRecent', { by: 'sso', provider: oidc.name });
  const hasFactor = userId !== undefined && (await hasSecondFactor(db, userId));
  const mayUsePasskey = userId !== undefined && (await hasPasskey(db, userId));
  return refuse('session.notRecent', {
    by: hasFactor ? 'code' : 'password',
    ...(mayUsePasskey ? { passkeyOrigin: getRelyingParty(webProcess().settings).origin } : {}),
  });
}

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
