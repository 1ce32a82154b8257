import { bigint, bigserial, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Limits } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import { instant } from './instant';
import { users } from './people';

/** A credential of a program, which acts for the person who created it. Only the hash of the token is stored. */
export const apiTokens = pgTable(
  'api_token',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    name: text('name').notNull(),
    /** Null = the user of this machine, who exists only without sign-in. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    role: text('role').$type<Role>().notNull(),
    /** In addition to those of its owner; null = none. */
    limits: jsonb('limits').$type<Limits>(),
    /** The beginning of the token, by which people recognize it. */
    prefix: text('prefix').notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    /** To within five minutes. */
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [index('api_token_user').on(t.userId)],
);

/** The requests of each token in its current minute, as rate-limiter-flexible stores them. */
export const apiRateLimits = pgTable('api_rate_limit', {
  key: text('key').primaryKey(),
  points: integer('points').notNull().default(0),
  /** The end of the minute, in ms since 1970. */
  expire: bigint('expire', { mode: 'number' }),
});

/** The answers of API requests with an `Idempotency-Key`, for a day. */
export const apiRequests = pgTable(
  'api_request',
  {
    caller: text('caller').notNull(),
    key: text('key').notNull(),
    /** SHA-256 of method, path and body: another request must not get this answer. */
    fingerprint: text('fingerprint').notNull(),
    /** Null = the request has no outcome yet. */
    status: integer('status'),
    contentType: text('content_type'),
    /** Null for an answer with a secret. */
    body: text('body'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.caller, t.key] }), index('api_request_by_time').on(t.createdAt)],
);
