import { bigserial, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { connections } from './estate';
import { instant } from './instant';

/**
 * Accepted drift: the found state replaces the state that a plan had left, and is the object's baseline from then on.
 */
export const acceptedDrift = pgTable(
  'accepted_drift',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** The object's own key. */
    key: text('key').notNull(),
    object: jsonb('object').$type<ObjectRef>().notNull(),
    /** The write that had left it in another state: after the next write the acceptance no longer counts. */
    write: text('write').notNull(),
    /** The found state that was accepted. */
    state: jsonb('state').$type<ObjectState>().notNull(),
    /** The state that was expected before. */
    expected: jsonb('expected').$type<ObjectState>().notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [index('accepted_drift_by_object').on(table.connectionId, table.key, table.id)],
);
