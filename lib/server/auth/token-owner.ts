import 'server-only';
import { and, eq, isNull, type SQL } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { apiTokens, users } from '@/lib/db/schema';
import type { Actor } from '@/lib/policy/actor';
import { localActor } from '@/lib/server/request-actor';
import { serverContext } from '@/lib/store/context';

/** The person for whom tokens act; `userId` null = the user of this machine, who exists only without sign-in. */
export type TokenOwner = { readonly userId: string | null };

/** Returns the owner of an actor's tokens; null if the actor has no account. */
export async function findTokenOwner({ name }: Actor): Promise<TokenOwner | null> {
  const { database, settings } = await serverContext();
  if (settings.SPILLWAY_SIGN_IN === 'off' && name === localActor.name) return { userId: null };
  const [user] = await database.db.select({ id: users.id }).from(users).where(eq(users.email, name));
  return user === undefined ? null : { userId: user.id };
}

/** Returns the condition of an owner's tokens. */
export function ownTokens({ userId }: TokenOwner): SQL {
  return userId === null ? isNull(apiTokens.userId) : eq(apiTokens.userId, userId);
}

/** Revokes all API tokens of a person from their next request on. */
export async function revokeTokens(db: Database, userId: string): Promise<void> {
  const isValid = and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt));
  await db.update(apiTokens).set({ revokedAt: new Date() }).where(isValid);
}
