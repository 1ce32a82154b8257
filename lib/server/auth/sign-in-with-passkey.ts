import { generateAuthenticationOptions } from '@simplewebauthn/server';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Answer } from '@/lib/contract/answer';
import type { PasskeyChallenge, SessionCookies } from '@/lib/contract/session';
import { passkeys } from '@/lib/db/schema';
import { getRelyingParty } from '@/lib/relying-party';
import { ok } from '@/lib/result';
import { requestCaller } from '@/lib/server/request-actor';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { challengeMs, createChallenge } from './passkeys/challenges';
import { SignedChallenge } from './passkeys/credential';
import { beginAttempt } from './sign-in-limits';
import { checkSignature, checkWay, startSession } from './sign-in-person';

/**
 * Creates the challenge that a passkey signs: any, to sign in, or one of the person at the browser, to confirm that it is
 * they.
 */
export const beginSigning = verb(
  'session.beginPasskey',
  z.object({ purpose: z.enum(['signIn', 'confirm']) }),
  'all',
  async ({ purpose }): Answer<PasskeyChallenge> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const attempt = await beginAttempt(db, '', 'challenge');
    if (!attempt.isAllowed) return refuse('session.tooMany', { seconds: attempt.waitS });
    const party = getRelyingParty(settings);
    const common = { rpID: party.id, userVerification: 'required', timeout: challengeMs } as const;
    if (purpose === 'signIn') {
      const challenge = await createChallenge(db, { kind: 'signIn' });
      return ok({ options: await generateAuthenticationOptions({ ...common, challenge }) });
    }
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    const own = await db
      .select()
      .from(passkeys)
      .where(and(eq(passkeys.userId, userId), eq(passkeys.rpId, party.id)));
    // An empty list would let the authenticator choose any.
    if (own.length === 0) return refuse('passkey.none');
    const options = await generateAuthenticationOptions({
      ...common,
      challenge: await createChallenge(db, { kind: 'confirm', userId }),
      allowCredentials: own.map(({ id, transports }) => ({ id, transports: [...transports] })),
    });
    return ok({ options });
  },
);

/**
 * Signs a person in by a passkey alone. It counts as two factors: the device that has it, and the PIN, fingerprint or face
 * by which that has verified its user.
 */
export const signInWithPasskey = verb(
  'session.signInWithPasskey',
  SignedChallenge,
  'all',
  async (signed, _actor, note): Answer<SessionCookies> => {
    const checked = await checkSignature(signed, { kind: 'signIn' }, note);
    if (!checked.ok) return checked;
    const permitted = await checkWay(checked.value);
    return permitted.ok ? ok(await startSession(checked.value, note, new Date())) : permitted;
  },
);
