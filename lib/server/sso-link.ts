import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { userAccounts } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { webProcess } from '@/lib/store/web-process';

/** Returns the name under which links to a provider are stored, beside `credential` for passwords. */
export const ssoProviderId = (issuer: string): string => `oidc ${issuer}`;

/**
 * Returns whether a person signs in at the provider that is set. They then sign in there alone: their groups decide each
 * time whether they may, and a password or a passkey would go around that.
 */
export async function isSsoPerson(db: Database, userId: string): Promise<boolean> {
  const oidc = getOidcSettings(webProcess().settings);
  if (oidc === null) return false;
  const { providerId } = userAccounts;
  const link = and(eq(userAccounts.userId, userId), eq(providerId, ssoProviderId(oidc.issuer)));
  return (await db.$count(userAccounts, link)) > 0;
}
