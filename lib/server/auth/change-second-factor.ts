'use server';

import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type {
  BeginSecondFactorAction,
  ConfirmSecondFactorAction,
  RemoveSecondFactorAction,
  RenewRecoveryCodesAction,
} from '@/lib/contract/session';
import type { ResetSecondFactorAction } from '@/lib/contract/user';
import { passkeys, secondFactors, userSessions, users } from '@/lib/db/schema';
import { ok } from '@/lib/result';
import { hasSecondFactor } from '@/lib/server/has-second-factor';
import { requestCaller } from '@/lib/server/request-actor';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { createRecoveryCodes, createSecret, removeSecondFactor } from './second-factor';
import { checkCode } from './sign-in-person';
import { revokeTokens } from './token-owner';

/** Creates the secret of a second factor for the person who asks. It is in use once a code is confirmed. */
export const beginSecondFactor = verb(
  'secondFactor.begin',
  z.object({}),
  'all',
  async (_input, { name }): ReturnType<BeginSecondFactorAction> => {
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    const secret = await createSecret(db, userId, name);
    return secret === null ? refuse('secondFactor.exists') : ok(secret);
  },
);

/** Puts a second factor to use, with the first code of its app, and creates its recovery codes. */
export const confirmSecondFactor = verb(
  'secondFactor.confirm',
  z.object({
    code: z
      .string()
      .trim()
      .regex(/^\d{3} ?\d{3}$/, 'code.form'),
  }),
  'all',
  async ({ code }, { name }): ReturnType<ConfirmSecondFactorAction> => {
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    const checked = await checkCode({ id: userId, email: name }, code);
    if (!checked.ok) return checked;
    const confirmed = await db
      .update(secondFactors)
      .set({ confirmedAt: new Date() })
      .where(and(eq(secondFactors.userId, userId), isNull(secondFactors.confirmedAt)))
      .returning({ userId: secondFactors.userId });
    if (confirmed.length === 0) return refuseFields({ code: ['code.wrong'] });
    return ok({ codes: await createRecoveryCodes(db, userId) });
  },
);

/** Replaces the recovery codes of the person who asks. */
export const renewRecoveryCodes = verb(
  'secondFactor.renewCodes',
  z.object({}),
  'all',
  async (): ReturnType<RenewRecoveryCodesAction> => {
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined || !(await hasSecondFactor(db, userId))) return refuse('secondFactor.missing');
    return ok({ codes: await createRecoveryCodes(db, userId) });
  },
);

/** Removes the second factor of the person who asks. */
export const removeOwnSecondFactor = verb(
  'secondFactor.remove',
  z.object({}),
  'all',
  async (): ReturnType<RemoveSecondFactorAction> => {
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined || !(await hasSecondFactor(db, userId))) return refuse('secondFactor.missing');
    await removeSecondFactor(db, userId);
    return ok(null);
  },
);

/**
 * Removes the second factor, its recovery codes and the passkeys of a person who has lost them, ends their sessions, and
 * revokes their API tokens.
 * They sign in with their password, and set up others.
 */
export const resetSecondFactor = verb(
  'user.resetSecondFactor',
  z.string().min(1).max(100),
  'all',
  async (id, _actor, note): ReturnType<ResetSecondFactorAction> => {
    const { db } = (await serverContext()).database;
    const [person] = await db.select({ email: users.email }).from(users).where(eq(users.id, id));
    if (person === undefined) return refuse('user.gone');
    const own = await db.$count(passkeys, eq(passkeys.userId, id));
    if (own === 0 && !(await hasSecondFactor(db, id))) return refuse('secondFactor.missing');
    note({ email: person.email, passkeys: own });
    await db.transaction(async (tx) => {
      await removeSecondFactor(tx, id);
      await tx.delete(passkeys).where(eq(passkeys.userId, id));
      await tx.delete(userSessions).where(eq(userSessions.userId, id));
      await revokeTokens(tx, id);
    });
    return ok(null);
  },
);
