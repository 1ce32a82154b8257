import 'server-only';
import { randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import {
  apiTokens,
  passkeys,
  recoveryCodes,
  secondFactors,
  userAccounts,
  userSessions,
  users,
} from '@/lib/db/schema';
import { chooseGrants, type OidcSettings } from '@/lib/oidc-settings';
import { type Grants, mayUseEverywhere, toAccess } from '@/lib/policy/access';
import { ssoProviderId } from '@/lib/server/sso-link';
import type { SsoIdentity } from './identity';
import { SsoProblem } from './sso-problem';

/** The account of a person of the provider. */
export type SsoPerson = { readonly id: string; readonly email: string; readonly grants: Grants };

/** Returns the account that is linked to a subject of the provider; null = none is. */
export async function findLinked(db: Database, { issuer }: OidcSettings, subject: string) {
  const { providerId, accountId } = userAccounts;
  const [found] = await db
    .select({ id: users.id, email: users.email })
    .from(userAccounts)
    .innerJoin(users, eq(users.id, userAccounts.userId))
    .where(and(eq(providerId, ssoProviderId(issuer)), eq(accountId, subject)));
  return found ?? null;
}

/**
 * Ends the rights of a person whose groups no longer give them a role: their sessions and tokens end, and what they have
 * started or approved is evaluated without any rights.
 */
async function endRights(db: Database, userId: string): Promise<void> {
  const now = new Date();
  await db.transaction(async (tx) => {
    await tx.delete(userSessions).where(eq(userSessions.userId, userId));
    await tx
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)));
    await tx.update(users).set({ grants: [], updatedAt: now }).where(eq(users.id, userId));
  });
}

/**
 * Removes everything by which an account was used before it is linked by its e-mail address: whoever created it with a
 * set-up link chose that address, and it need not be theirs.
 */
async function removeOtherWays(db: Database, userId: string): Promise<void> {
  const password = and(eq(userAccounts.userId, userId), eq(userAccounts.providerId, 'credential'));
  await db.delete(userSessions).where(eq(userSessions.userId, userId));
  await db.delete(userAccounts).where(password);
  await db.delete(passkeys).where(eq(passkeys.userId, userId));
  await db.delete(secondFactors).where(eq(secondFactors.userId, userId));
  await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await db.update(apiTokens).set({ revokedAt: new Date() }).where(eq(apiTokens.userId, userId));
}

/** Links a subject of the provider to an account. */
async function link(db: Database, { issuer }: OidcSettings, userId: string, subject: string): Promise<void> {
  const now = new Date();
  await db.insert(userAccounts).values({
    id: randomUUID(),
    userId,
    providerId: ssoProviderId(issuer),
    accountId: subject,
    createdAt: now,
    updatedAt: now,
  });
}

/**
 * Returns the account of a person of the provider, with the roles that their groups give them now. The account is, in this
 * order: the one that is linked to their subject; if the settings allow it, the one with their verified e-mail address,
 * which is then linked; a new one.
 * @throws SsoProblem if they may not sign in
 */
export async function resolveSsoPerson(
  db: Database,
  oidc: OidcSettings,
  { subject, email, name, groups }: SsoIdentity,
): Promise<SsoPerson> {
  const linked = await findLinked(db, oidc, subject);
  // The domain counts only if the provider has verified the address.
  const verified = email?.isVerified ? email.address : null;
  const grants = chooseGrants(oidc, groups, verified ?? '');
  if (linked !== null) {
    if (grants.length === 0) {
      await endRights(db, linked.id);
      throw new SsoProblem('sso.noRole', `no group or domain gives a role: ${groups.length} groups`);
    }
    await db.update(users).set({ grants, updatedAt: new Date() }).where(eq(users.id, linked.id));
    return { ...linked, grants };
  }
  if (email === null) throw new SsoProblem('sso.emailMissing', 'the provider sends no e-mail address');
  if (verified === null) throw new SsoProblem('sso.emailUnverified', 'email_verified is not true');
  if (grants.length === 0)
    throw new SsoProblem('sso.noRole', `no group or domain gives a role: ${groups.length} groups`);
  return db.transaction(async (tx) => {
    const now = new Date();
    const id = randomUUID();
    const created = await tx
      .insert(users)
      .values({
        id,
        name: name ?? verified,
        email: verified,
        emailVerified: true,
        grants,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: users.id });
    if (created.length > 0) {
      await link(tx, oidc, id, subject);
      return { id, email: verified, grants };
    }
    const [existing] = await tx.select().from(users).where(eq(users.email, verified)).for('update');
    const others = and(
      eq(userAccounts.userId, existing?.id ?? ''),
      eq(userAccounts.providerId, ssoProviderId(oidc.issuer)),
    );
    // An account that is linked already belongs to another subject: an address may have been given to someone else.
    if (existing === undefined || !oidc.linksByEmail || (await tx.$count(userAccounts, others)) > 0)
      throw new SsoProblem('sso.emailTaken', 'another account has this e-mail address');
    // Whoever was limited must not get a role on everything by signing in another way.
    const [before, after] = [toAccess(existing.grants), toAccess(grants)];
    if (mayUseEverywhere(after, 'overview.get') && !mayUseEverywhere(before, 'overview.get'))
      throw new SsoProblem('sso.limited', 'the roles of the account have limits');
    await link(tx, oidc, existing.id, subject);
    await tx.update(users).set({ grants, updatedAt: now }).where(eq(users.id, existing.id));
    await removeOtherWays(tx, existing.id);
    return { id: existing.id, email: verified, grants };
  });
}
