import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Grants } from '@/lib/policy/access';
import { instant } from './instant';

/* People who sign in. The keys of the columns are better-auth's, whose adapter reads and writes these tables. */

/** A person who may sign in. */
export const users = pgTable('app_user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** In lower case. */
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull(),
  image: text('image'),
  grants: jsonb('grants').$type<Grants>().notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** An account that was removed. Its id is never given to another one, so what it decided stays its own. */
export const formerPeople = pgTable(
  'former_person',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    email: text('email').notNull(),
    removedAt: instant('removed_at').notNull().defaultNow(),
  },
  (t) => [index('former_person_email').on(t.email)],
);

/** A browser in which a person is signed in. */
export const userSessions = pgTable(
  'user_session',
  {
    id: text('id').primaryKey(),
    /** The SHA-256 of the token in the cookie, in hex (`findByTokenHash`). */
    token: text('token').notNull().unique(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The end of the session if it is not used until then. */
    expiresAt: instant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** The absolute limit of a session counts from here. */
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** When the person last proved who they are, by everything that their account asks for; null = it is not known. */
    authenticatedAt: instant('authenticated_at'),
    /** The provider at which it began; null = here, with a password or a passkey. */
    ssoIssuer: text('sso_issuer'),
    /** The person's id at the provider. */
    ssoSubject: text('sso_subject'),
    /** The id of their session at the provider; null = it names none. */
    ssoSid: text('sso_sid'),
  },
  (t) => [
    index('user_session_user').on(t.userId),
    index('user_session_sso').on(t.ssoIssuer, t.ssoSubject),
    index('user_session_sid').on(t.ssoIssuer, t.ssoSid),
  ],
);

/** A way in which a person signs in; `credential` is a password, stored as a hash. */
export const userAccounts = pgTable(
  'user_account',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    providerId: text('provider_id').notNull(),
    accountId: text('account_id').notNull(),
    password: text('password'),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text('scope'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [uniqueIndex('user_account_provider').on(t.providerId, t.accountId)],
);

/** Pending confirmations of better-auth, such as of a single sign-on. */
export const userVerifications = pgTable('user_verification', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** The second factor of a person: an app that shows a code every 30 s. */
export const secondFactors = pgTable('second_factor', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** The secret that the app has, encrypted. */
  secret: text('secret').notNull(),
  /** When a code of the app was first confirmed; null = the factor is not in use yet. */
  confirmedAt: instant('confirmed_at'),
  /** The 30 s step of the newest accepted code, since 1970: no code is accepted twice. */
  lastStep: bigint('last_step', { mode: 'number' }),
});

/** The codes with which a person signs in once without their second factor. Only hashes are stored. */
export const recoveryCodes = pgTable(
  'recovery_code',
  {
    codeHash: text('code_hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [index('recovery_code_user').on(t.userId)],
);

/** Failed attempts to sign in, by what they count for: an address, an account, or a known browser. */
export const signInAttempts = pgTable('sign_in_attempt', {
  /** A hash. */
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  /** The first attempt of those that count. */
  startedAt: instant('started_at').notNull(),
});

/** A one-time link with which someone creates their account. Only the hash of its token is stored. */
export const setUpLinks = pgTable('set_up_link', {
  tokenHash: text('token_hash').primaryKey(),
  /** The address of the person, as an administrator typed it; null = the link is printed by the launcher: whoever has it chooses one. */
  email: text('email'),
  grants: jsonb('grants').$type<Grants>().notNull(),
  expiresAt: instant('expires_at').notNull(),
});
