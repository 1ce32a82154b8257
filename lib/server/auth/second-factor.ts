import 'server-only';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { and, eq, isNull, lt, or } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import type { Database } from '@/lib/db/database';
import { recoveryCodes, secondFactors, users } from '@/lib/db/schema';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { deriveKey } from './derive-key';

/** The secret has 160 bits, the length of its hash (RFC 4226, section 4). */
const SECRET_BYTES = 20;
/** A code of the step before or after is accepted, too, for clocks that differ (RFC 6238, section 5.2). */
const WINDOW = 1;
const CODES = 10;
/** Codes of at least 112 bits need no slow hash (ASVS 5.0, 6.5.2). */
const CODE_BYTES = 15;

/** @param key that of the dashboards; that of this process if absent */
const cipherKey = (key?: string) => deriveKey('second factors', key).toString('base64');

const createTotp = (secret: Secret, email: string) =>
  new TOTP({ issuer: 'Spillway', label: email, algorithm: 'SHA1', digits: 6, period: 30, secret });

/**
 * Stores a new secret that is not in use before one of its codes is confirmed. It replaces one that was never confirmed.
 * @returns the secret in base32, and as the address that apps read from a QR code; null if a second factor is in use
 */
export async function createSecret(
  db: Database,
  userId: string,
  email: string,
): Promise<{ readonly key: string; readonly address: string } | null> {
  const secret = new Secret({ size: SECRET_BYTES });
  const encrypted = await symmetricEncrypt({ key: cipherKey(), data: secret.base32 });
  const stored = await db
    .insert(secondFactors)
    .values({ userId, secret: encrypted })
    .onConflictDoUpdate({
      target: secondFactors.userId,
      set: { secret: encrypted, lastStep: null },
      setWhere: isNull(secondFactors.confirmedAt),
    })
    .returning({ userId: secondFactors.userId });
  if (stored.length === 0) return null;
  return { key: secret.base32, address: createTotp(secret, email).toString() };
}

/** `used`: the code is right, but was accepted before. */
type CodeOutcome = 'accepted' | 'used' | 'wrong';

/** Accepts a code of the app at most once, also if it is sent twice at the same time. */
async function acceptAppCode(db: Database, userId: string, code: string): Promise<CodeOutcome> {
  const [factor] = await db.select().from(secondFactors).where(eq(secondFactors.userId, userId));
  if (factor === undefined) return 'wrong';
  const base32 = await symmetricDecrypt({ key: cipherKey(), data: factor.secret }).catch(() => null);
  // Encrypted with a key that was lost, or exchanged since this process started.
  if (base32 === null) return 'wrong';
  const totp = createTotp(Secret.fromBase32(base32), '');
  const timestamp = Date.now();
  const delta = totp.validate({ token: code, window: WINDOW, timestamp });
  if (delta === null) return 'wrong';
  const lastStep = totp.counter({ timestamp }) + delta;
  const isNewer = or(isNull(secondFactors.lastStep), lt(secondFactors.lastStep, lastStep));
  const accepted = await db
    .update(secondFactors)
    .set({ lastStep })
    .where(and(eq(secondFactors.userId, userId), eq(secondFactors.secret, factor.secret), isNewer))
    .returning({ userId: secondFactors.userId });
  return accepted.length > 0 ? 'accepted' : 'used';
}

/** Accepts a recovery code, which is then void. */
async function acceptRecoveryCode(db: Database, userId: string, code: string): Promise<CodeOutcome> {
  const used = await db
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeHash, hashToken(code))))
    .returning({ userId: recoveryCodes.userId });
  return used.length > 0 ? 'accepted' : 'wrong';
}

/** Accepts a code of a person's app, or one of their recovery codes, in any case and with any separators. */
export async function acceptCode(db: Database, userId: string, typed: string): Promise<CodeOutcome> {
  const code = typed.toUpperCase().replace(/[\s-]/g, '');
  return /^\d{6}$/.test(code) ? acceptAppCode(db, userId, code) : acceptRecoveryCode(db, userId, code);
}

/** Replaces a person's recovery codes. Only this answer has them: their hashes are stored. */
export async function createRecoveryCodes(db: Database, userId: string): Promise<readonly string[]> {
  const codes = Array.from({ length: CODES }, () => new Secret({ size: CODE_BYTES }).base32);
  await db.transaction(async (tx) => {
    await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
    await tx.insert(recoveryCodes).values(codes.map((code) => ({ codeHash: hashToken(code), userId })));
  });
  return codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code);
}

/**
 * Encrypts all secrets with another key of the dashboards. The caller ends the transaction.
 * @param former the key that they are encrypted with; null = it is lost
 * @returns the addresses of people whose secret can't be opened: their recovery codes still sign them in
 */
export async function encryptSecretsAgain(
  tx: Database,
  former: string | null,
  next: string,
): Promise<readonly string[]> {
  const lost: string[] = [];
  const factors = await tx
    .select({ factor: secondFactors, email: users.email })
    .from(secondFactors)
    .innerJoin(users, eq(users.id, secondFactors.userId))
    .for('update', { of: secondFactors });
  for (const { factor, email } of factors) {
    const opened =
      former === null
        ? null
        : await symmetricDecrypt({ key: cipherKey(former), data: factor.secret }).catch(() => null);
    if (opened === null) {
      lost.push(email);
      continue;
    }
    const secret = await symmetricEncrypt({ key: cipherKey(next), data: opened });
    await tx.update(secondFactors).set({ secret }).where(eq(secondFactors.userId, factor.userId));
  }
  return lost;
}

/** Removes a person's second factor and its recovery codes: their password alone signs them in. */
export async function removeSecondFactor(db: Database, userId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(secondFactors).where(eq(secondFactors.userId, userId));
    await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  });
}
