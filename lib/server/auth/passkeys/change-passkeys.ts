'use server';

import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { isoBase64URL, isoUint8Array } from '@simplewebauthn/server/helpers';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type {
  AddPasskeyAction,
  BeginPasskeyAction,
  RemovePasskeyAction,
  RenamePasskeyAction,
} from '@/lib/contract/session';
import { passkeys } from '@/lib/db/schema';
import { getRelyingParty } from '@/lib/relying-party';
import { ok } from '@/lib/result';
import { requestCaller } from '@/lib/server/request-actor';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { challengeMs, createChallenge, takeChallenge } from './challenges';
import { CreatedCredential } from './credential';
import { readChallenge } from './read-client-data';

/** The id of a passkey in base64url: up to 1023 bytes (https://www.w3.org/TR/webauthn-3/#credential-id). */
const Id = z.string().min(1).max(1364);
const Name = z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong');

/** More would only be forgotten ones, and each can sign in. */
const passkeysMax = 20;

/** Creates a challenge for the person who asks, with which their browser makes a passkey. */
export const beginPasskey = verb(
  'passkey.begin',
  z.object({}),
  'all',
  async (_input, { name }): ReturnType<BeginPasskeyAction> => {
    const { database, settings } = await serverContext();
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    const own = await database.db.select().from(passkeys).where(eq(passkeys.userId, userId));
    if (own.length >= passkeysMax) return refuse('passkey.tooMany', { max: passkeysMax });
    const party = getRelyingParty(settings);
    const options = await generateRegistrationOptions({
      rpName: 'Spillway',
      rpID: party.id,
      userID: isoUint8Array.fromUTF8String(userId),
      userName: name,
      userDisplayName: name,
      challenge: await createChallenge(database.db, { kind: 'register', userId }),
      timeout: challengeMs,
      // The maker of the authenticator is not checked, and not asked for.
      attestationType: 'none',
      excludeCredentials: own.map(({ id, transports }) => ({ id, transports: [...transports] })),
      // Discoverable, so that no one has to enter a name; verified, so that it counts as two factors.
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    return ok({ options });
  },
);

/** Adds the passkey that the browser of the person who asks has made. */
export const addPasskey = verb(
  'passkey.add',
  z.object({ name: Name, credential: CreatedCredential }),
  'all',
  async ({ name, credential }, _actor, note): ReturnType<AddPasskeyAction> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    const challenge = readChallenge(credential.response.clientDataJSON);
    if (challenge === null) return refuse('passkey.invalid');
    if (!(await takeChallenge(db, challenge, { kind: 'register', userId }))) return refuse('passkey.expired');
    const party = getRelyingParty(settings);
    const made = await verifyRegistrationResponse({
      response: credential,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    }).catch((error: unknown) => {
      // The library throws for each rule that a response breaks.
      note({ reason: error instanceof Error ? error.message : 'the response is malformed' });
      return { verified: false as const };
    });
    if (!made.verified) return refuse('passkey.invalid');
    const { id, publicKey, counter } = made.registrationInfo.credential;
    const added = await db
      .insert(passkeys)
      .values({
        id,
        userId,
        name,
        rpId: party.id,
        publicKey: isoBase64URL.fromBuffer(publicKey),
        counter,
        transports: credential.response.transports,
        isSynced: made.registrationInfo.credentialDeviceType === 'multiDevice',
      })
      .onConflictDoNothing()
      .returning({ id: passkeys.id });
    if (added.length === 0) return refuse('passkey.exists');
    note({ name, passkey: id });
    return ok(null);
  },
);

/** Gives a passkey of the person who asks another name. */
export const renamePasskey = verb(
  'passkey.rename',
  z.object({ id: Id, name: Name }),
  'all',
  async ({ id, name }, _actor, note): ReturnType<RenamePasskeyAction> => {
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    const own = and(eq(passkeys.id, id), eq(passkeys.userId, userId));
    return db.transaction(async (tx) => {
      const [passkey] = await tx.select({ name: passkeys.name }).from(passkeys).where(own).for('update');
      if (passkey === undefined) return refuse('passkey.gone');
      await tx.update(passkeys).set({ name }).where(own);
      note({ name, formerName: passkey.name, passkey: id });
      return ok(null);
    });
  },
);

/** Removes a passkey of the person who asks: it no longer signs them in. */
export const removePasskey = verb(
  'passkey.remove',
  z.object({ id: Id }),
  'all',
  async ({ id }, _actor, note): ReturnType<RemovePasskeyAction> => {
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    const removed = await db
      .delete(passkeys)
      .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
      .returning({ name: passkeys.name });
    const [passkey] = removed;
    if (passkey === undefined) return refuse('passkey.gone');
    note({ name: passkey.name, passkey: id });
    return ok(null);
  },
);
