import {
  bigserial,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { SyncProgress } from '@/lib/cloud/port';
import type { AuditReading } from '@/lib/estate/history/audit';
import type { EstateChange } from '@/lib/estate/history/diff-estates';
import type { Estate } from '@/lib/estate/model';
import { instant } from './instant';

/* Connections, and what was read of their accounts. */

/**
 * The displayable data of a connection. Its keys are in the worker's environment, or sealed in `connection_keys`.
 */
export const connections = pgTable('connection', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['sandbox', 'tencent'] }).notNull(),
  /** Read by the first sync. */
  uin: text('uin'),
  /** Listener ports below 1024 are dialed at port + this offset: 0 except for a sandbox that may not bind them. */
  portOffset: integer('port_offset').notNull(),
  /** The isolation of function code in the sandbox from this machine; null for a real account. */
  isolation: text('isolation', { enum: ['jail', 'user', 'weak'] }),
  /**
   * True if the worker has keys for it. Without keys, its stored data can be read, but the connection cannot be
   * queried.
   */
  available: boolean('available').notNull(),
  /** The expiry of the worker's keys; null = they are permanent. */
  keysExpireAt: instant('keys_expire_at'),
  /** The reason why workers can't use the keys that a person has added; null = none. */
  problem: text('problem'),
  /** The version of those keys that belongs to the account `uin`, as the cloud has confirmed. */
  verifiedVersion: integer('verified_version'),
});

/** The newest snapshot of each connection, in full. */
export const estates = pgTable(
  'estate',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    /** The time of the last full sync that confirmed this state; the content of `estate` may be older. */
    takenAt: instant('taken_at').notNull(),
    /** The time when the frequently changing parts were last read since then; null = never. */
    partsAt: instant('parts_at'),
    /** As it was read. */
    estate: jsonb('estate').$type<Estate>().notNull(),
    /** The snapshot with the last known values of the parts that could not be read; null = the same. */
    merged: jsonb('merged').$type<Estate>(),
    /** Its version in the history. */
    version: integer('version').notNull(),
  },
  (table) => [index('estate_by_connection').on(table.connectionId, table.id)],
);

/** The history of a connection's snapshots: periods in which every sync found the same state. */
export const estateVersions = pgTable(
  'estate_version',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** Counts up within the connection. */
    number: integer('number').notNull(),
    /** The first sync that found it, and the last. */
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    /** The time when the first sync ended: a change may have happened while the sync ran. */
    storedAt: instant('stored_at').notNull().defaultNow(),
    /** The cloud's audit trail of the writes that caused it; null = it has not been queried yet. */
    audit: jsonb('audit').$type<AuditReading>(),
    /**
     * A full copy of the known snapshot, stored now and then, so that the path back from the newest version stays
     * short.
     */
    keyframe: jsonb('keyframe').$type<Estate>(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.number] })],
);

/** The changes in the cloud from the previous version to this one, object by object. */
export const estateChanges = pgTable(
  'estate_change',
  {
    connectionId: text('connection_id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').$type<EstateChange['kind']>().notNull(),
    key: text('key').notNull(),
    change: jsonb('change').$type<EstateChange>().notNull(),
    /** The names by which the cloud's audit trail may know the object. */
    names: text('names').array().notNull().default([]),
    /** True if the change has no actor: the cloud measured another value, such as the health of a target. */
    measured: boolean('measured').notNull().default(false),
    /** The last sync before that could read its part; null = that is not stored. */
    seenAt: instant('seen_at'),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.version, table.kind, table.key] }),
    foreignKey({
      name: 'estate_change_version',
      columns: [table.connectionId, table.version],
      foreignColumns: [estateVersions.connectionId, estateVersions.number],
    }).onDelete('cascade'),
    // The last change of each object.
    index('estate_change_by_object').on(table.connectionId, table.kind, table.key, table.version),
  ],
);

/** Each replacement of the sandbox data: a reset, another seed, or an import. Append-only. */
export const sandboxResets = pgTable(
  'sandbox_reset',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    kind: text('kind', { enum: ['reset', 'seed', 'import'] }).notNull(),
    actor: text('actor').notNull(),
    /** The time right before: no sync that ended earlier can have found the new data. */
    at: instant('at').notNull(),
  },
  (table) => [index('sandbox_reset_by_time').on(table.at)],
);

/** The last sync of each connection. */
export const syncs = pgTable('sync', {
  connectionId: text('connection_id')
    .primaryKey()
    .references(() => connections.id),
  state: text('state', { enum: ['running', 'done', 'failed'] }).notNull(),
  startedAt: instant('started_at').notNull(),
  finishedAt: instant('finished_at'),
  progress: jsonb('progress').$type<SyncProgress>(),
  error: jsonb('error').$type<CloudErrorData>(),
});

/**
 * The part of a key's rate limits that each worker holds for the next seconds. A worker that uses the key also has a
 * row with an empty budget.
 */
export const rateLeases = pgTable(
  'rate_lease',
  {
    /** Identifies the key without revealing it. */
    account: text('account').notNull(),
    /** Service, action and region. */
    budget: text('budget').notNull(),
    holder: text('holder').notNull(),
    rank: text('rank', { enum: ['run', 'requested', 'background'] }),
    /** Requests a second. */
    permits: integer('permits').notNull(),
    until: instant('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.budget, table.holder] })],
);
