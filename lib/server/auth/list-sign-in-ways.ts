import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { SignInWaysView } from '@/lib/contract/session';
import { passkeys } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { getRelyingParty } from '@/lib/relying-party';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** Returns the ways in which someone may sign in besides a password, for the sign-in page. */
export const listSignInWays = query(
  'session.listWays',
  z.void(),
  'all',
  async (): Promise<SignInWaysView> => {
    const { database, settings } = await serverContext();
    const party = getRelyingParty(settings);
    const some = await database.db
      .select({ id: passkeys.id })
      .from(passkeys)
      .where(eq(passkeys.rpId, party.id))
      .limit(1);
    const oidc = getOidcSettings(settings);
    return {
      passkeyOrigin: some.length > 0 ? party.origin : null,
      sso: oidc === null ? null : { name: oidc.name, isOnly: oidc.isOnly },
    };
  },
);
