import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { AskedHistory, TrafficHistory } from '@/lib/estate/history/traffic-history';
import { connections } from './estate';
import { instant } from './instant';

/** Measured requests of past events, as the worker last read them for a page. */
export const trafficHistories = pgTable(
  'traffic_history',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** The question as text. */
    key: text('key').notNull(),
    asked: jsonb('asked').$type<AskedHistory>().notNull(),
    state: text('state', { enum: ['running', 'done', 'failed'] }).notNull(),
    askedAt: instant('asked_at').notNull().defaultNow(),
    readAt: instant('read_at'),
    /** null = nothing was read yet. */
    content: jsonb('content').$type<TrafficHistory>(),
    error: jsonb('error').$type<CloudErrorData>(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.key] }),
    index('traffic_history_by_time').on(table.askedAt),
  ],
);
