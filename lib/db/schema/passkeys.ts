import { bigint, boolean, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './instant';
import { users } from './people';

/** A passkey of a person: the public part of a key pair that their device or password manager keeps. */
export const passkeys = pgTable(
  'passkey',
  {
    /** The credential's id in base64url, as the authenticator made it. */
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The person's own name for it. */
    name: text('name').notNull(),
    /** The host that it belongs to (RP ID): it signs in nowhere else. */
    rpId: text('rp_id').notNull(),
    /** The COSE key in base64url. */
    publicKey: text('public_key').notNull(),
    /** The authenticator's counter of signatures at the newest one; 0 = it doesn't count. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: jsonb('transports').$type<readonly string[]>().notNull(),
    /** True if a password manager may copy it to other devices. */
    isSynced: boolean('is_synced').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [index('passkey_user').on(t.userId)],
);

/** A challenge that an authenticator is to sign. It is accepted once. Only its hash is stored. */
export const passkeyChallenges = pgTable(
  'passkey_challenge',
  {
    challengeHash: text('challenge_hash').primaryKey(),
    purpose: text('purpose', { enum: ['register', 'signIn', 'confirm'] }).notNull(),
    /** The person who must sign it; null = anyone, by a sign-in. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('passkey_challenge_end').on(t.expiresAt)],
);
