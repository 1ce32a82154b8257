import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './instant';
import { users } from './people';

/** A sign-in at the provider that a browser has begun. It is completed once. */
export const ssoRequests = pgTable(
  'sso_request',
  {
    /** The hash of the random value that the browser has in a cookie. */
    browserHash: text('browser_hash').primaryKey(),
    purpose: text('purpose', { enum: ['signIn', 'confirm'] }).notNull(),
    /** The person who is to confirm that it is they; null = anyone signs in. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    state: text('state').notNull(),
    nonce: text('nonce').notNull(),
    /** Of PKCE. */
    codeVerifier: text('code_verifier').notNull(),
    /** The page of the dashboard to open afterwards. */
    nextPage: text('next_page').notNull(),
    startedAt: instant('started_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('sso_request_end').on(t.expiresAt)],
);

/** A logout that the provider has sent: its token is accepted once, and ends sign-ins that began before. */
export const ssoLogouts = pgTable(
  'sso_logout',
  {
    /** The hash of the issuer and of the id of the token. */
    tokenHash: text('token_hash').primaryKey(),
    issuer: text('issuer').notNull(),
    /** The person's id at the provider; null = the logout is of one session. */
    subject: text('subject'),
    /** The id of their session at the provider; null = all of theirs end. */
    sid: text('sid'),
    receivedAt: instant('received_at').notNull(),
    /** From then on, the token is too old to be accepted. */
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('sso_logout_end').on(t.expiresAt)],
);
