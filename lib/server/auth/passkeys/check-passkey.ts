import 'server-only';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { isoBase64URL } from '@simplewebauthn/server/helpers';
import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import type { Database } from '@/lib/db/database';
import { passkeys, users } from '@/lib/db/schema';
import { getRelyingParty } from '@/lib/relying-party';
import { ok, type Result } from '@/lib/result';
import { refuse } from '@/lib/store/refusal';
import { webProcess } from '@/lib/store/web-process';
import { type SigningPurpose, takeChallenge } from './challenges';
import type { SignedChallenge } from './credential';
import { readChallenge } from './read-client-data';

/** The passkey that a response names, with its person. Nothing is proved yet. */
type NamedPasskey = {
  readonly passkey: typeof passkeys.$inferSelect;
  readonly person: { readonly id: string; readonly email: string };
  /** The challenge that was taken. */
  readonly challenge: string;
  readonly purpose: SigningPurpose['kind'];
};

/**
 * Takes the challenge of a response, and finds the passkey that it names.
 * @returns a refusal with `passkey.expired` if the challenge is void, or with `passkey.unknown`
 */
export async function findPasskey(
  db: Database,
  { id, response }: SignedChallenge,
  purpose: SigningPurpose,
): Promise<Result<NamedPasskey, ActionError>> {
  const challenge = readChallenge(response.clientDataJSON);
  if (challenge === null) return refuse('passkey.invalid');
  if (!(await takeChallenge(db, challenge, purpose))) return refuse('passkey.expired');
  const [found] = await db
    .select({ passkey: passkeys, person: { id: users.id, email: users.email } })
    .from(passkeys)
    .innerJoin(users, eq(users.id, passkeys.userId))
    .where(eq(passkeys.id, id));
  if (found === undefined) return refuse('passkey.unknown');
  // Of someone else than the person who is to confirm that it is they.
  if (purpose.kind === 'confirm' && found.person.id !== purpose.userId) return refuse('passkey.unknown');
  return ok({ ...found, challenge, purpose: purpose.kind });
}

/**
 * Checks that a response was signed with the passkey that it names: for this dashboard, by an authenticator that has
 * verified its user by PIN, fingerprint or face, and not by a copy of it.
 * @param explain gets the reason of a refusal, for the audit log
 */
export async function verifyPasskey(
  db: Database,
  { passkey, person, challenge, purpose }: NamedPasskey,
  signed: SignedChallenge,
  explain: (reason: string) => void,
): Promise<Result<null, ActionError>> {
  const { userHandle, ...response } = signed.response;
  // https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion, step 6: if no one has entered a name, the authenticator
  // names the person.
  const named = userHandle ? isoBase64URL.toUTF8String(userHandle) : null;
  if (named === null ? purpose === 'signIn' : named !== person.id) {
    explain('the authenticator names another person, or none');
    return refuse('passkey.invalid');
  }
  const party = getRelyingParty(webProcess().settings);
  let counter: number;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...signed, response },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      // The stored counter is compared below, together with its update.
      credential: { id: passkey.id, publicKey: isoBase64URL.toBuffer(passkey.publicKey), counter: 0 },
    });
    if (!verified) {
      explain('the signature is wrong');
      return refuse('passkey.invalid');
    }
    counter = authenticationInfo.newCounter;
  } catch (error) {
    // The library throws for each rule that a response breaks. It calls nothing of ours.
    explain(error instanceof Error ? error.message : 'the response is malformed');
    return refuse('passkey.invalid');
  }
  const isNewer = or(lt(passkeys.counter, counter), sql`${passkeys.counter} = 0 and ${counter}::bigint = 0`);
  const used = await db
    .update(passkeys)
    .set({ counter, lastUsedAt: new Date() })
    .where(and(eq(passkeys.id, passkey.id), isNewer))
    .returning({ id: passkeys.id });
  if (used.length > 0) return ok(null);
  // https://www.w3.org/TR/webauthn-3/#sctn-sign-counter
  explain(`the counter is ${counter} after ${passkey.counter}`);
  return refuse('passkey.counter');
}
