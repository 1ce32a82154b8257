import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ConnectionAccess } from '@/lib/estate/access/connection-access';
import { connections } from './estate';
import { instant } from './instant';

/* The keys of connections that people add, and the keys that they are sealed for. */

/**
 * The public keys that secrets are sealed for: `lib/sealed-box.ts`. Their private keys are never stored in the database.
 * Only the owner of the tables writes here.
 */
export const sealingKeys = pgTable(
  'sealing_key',
  {
    /** `sealingKeyId` */
    id: text('id').primaryKey(),
    publicKey: text('public_key').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** The time when another key replaced it; null = new secrets are sealed for it. */
    retiredAt: instant('retired_at'),
  },
  () => [uniqueIndex('sealing_key_current').on(sql`(retired_at is null)`).where(sql`retired_at is null`)],
);

/** The keys of a connection that a person has added. A connection from the settings has no row. */
export const connectionKeys = pgTable('connection_keys', {
  connectionId: text('connection_id')
    .primaryKey()
    .references(() => connections.id),
  /** Counts the changes: workers use the newest version. */
  version: integer('version').notNull().default(1),
  site: text('site', { enum: ['mainland', 'international'] }).notNull(),
  regions: text('regions').array().notNull(),
  /** The key that signs writes: none, so that the connection is read-only, the one that signs reads, or its own. */
  writes: text('writes', { enum: ['none', 'same', 'own'] }).notNull(),
  /** The last characters of the SecretIds, by which people recognize the keys; null = there is no such key. */
  readKeyEnd: text('read_key_end').notNull(),
  writeKeyEnd: text('write_key_end'),
  /** `CloudKey` as JSON, sealed: only workers can open it. The dashboard's role can't read these two columns. */
  sealedRead: text('sealed_read').notNull(),
  sealedWrite: text('sealed_write'),
  /** The roles that the keys assume; null = none. Writes use the role of reads if they have none of their own. */
  roleArn: text('role_arn'),
  writeRoleArn: text('write_role_arn'),
  roleSession: text('role_session'),
  roleExternalId: text('role_external_id'),
  /** The requested life of temporary keys, in seconds. */
  roleDurationS: integer('role_duration_s'),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull().defaultNow(),
});

/** The newest test of each connection: requested by the dashboard, and run by a worker. */
export const connectionTests = pgTable('connection_test', {
  connectionId: text('connection_id')
    .primaryKey()
    .references(() => connections.id, { onDelete: 'cascade' }),
  requestedBy: text('requested_by').notNull(),
  requestedAt: instant('requested_at').notNull(),
  /** Null while it waits for a worker, or runs. */
  finishedAt: instant('finished_at'),
  result: jsonb('result').$type<ConnectionAccess>(),
});
