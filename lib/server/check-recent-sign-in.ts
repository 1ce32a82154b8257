import 'server-only';
import { eq, inArray, sql } from 'drizzle-orm';
import type { ActionError } from '@/lib/client/views';
import { connections, diversions, plans, runs, switches } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { needsRecentSignIn, recentMs } from '@/lib/policy/reauthentication';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { getRelyingParty } from '@/lib/relying-party';
import { ok, type Result } from '@/lib/result';
import type { Scope } from './actor';
import { serverContext } from './context';
import { hasPasskey, hasSecondFactor } from './has-second-factor';
import { refuse } from './refusal';
import { requestCaller } from './request-actor';
import { isSsoPerson } from './sso-link';
import { webProcess } from './web-process';

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
