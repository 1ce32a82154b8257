import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The roles of the embedded database: that of the launcher, which owns all tables, and those of its processes. */
export const databaseRoles = { owner: 'spillway', web: 'spillway_web', worker: 'spillway_worker' } as const;

const Password = z.string().regex(/^[\w-]{43}$/);
const DatabasePasswords = z.object({
  owner: Password,
  web: Password,
  worker: Password,
  /** True if the database has these passwords. After a start that was interrupted before that, they are set again. */
  areSet: z.boolean(),
});
export type DatabasePasswords = z.infer<typeof DatabasePasswords>;

/**
 * Returns the stored passwords, or new ones if the file is missing or damaged; the database does not have those yet.
 */
export function readDatabasePasswords(file: string): DatabasePasswords {
  try {
    return DatabasePasswords.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    const draw = () => randomBytes(32).toString('base64url');
    return { owner: draw(), web: draw(), worker: draw(), areSet: false };
  }
}

/** RFC 7677 requires at least 4096 iterations, which is also Postgres's default (`scram_iterations`). */
const ROUNDS = 4096;

/**
 * Returns the verifier that Postgres stores for a password (RFC 5803), so that no statement or log contains the
 * password itself: https://www.postgresql.org/docs/17/catalog-pg-authid.html
 */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ROUNDS, 32, 'sha256');
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  const serverKey = hmac(salted, 'Server Key');
  const [saltText, stored, server] = [salt, storedKey, serverKey].map((bytes) => bytes.toString('base64'));
  return `SCRAM-SHA-256$${ROUNDS}:${saltText}$${stored}:${server}`;
}
