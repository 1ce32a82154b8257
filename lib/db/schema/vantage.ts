import { sql } from 'drizzle-orm';
import { bigserial, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AnswerCount, DnsAnswer, HttpAnswer, VantagePointKind } from '@/lib/run/model/convergence';
import type { RunId } from '@/lib/run/model/run-id';
import { runs } from './diversions';
import { instant } from './instant';

/** The public resolvers that are asked during runs of real accounts. */
export const vantagePoints = pgTable('vantage_point', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  name: text('name').notNull().unique(),
  /** `ip` or `ip:port`, of the public internet. */
  address: text('address').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** The newest answers of each vantage point about a run. Their counts over time are in `run_sample`. */
export const runVantages = pgTable(
  'run_vantage',
  {
    runId: text('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<VantagePointKind>().notNull(),
    name: text('name').notNull(),
    address: text('address'),
    at: instant('at').notNull(),
    dns: jsonb('dns').$type<readonly DnsAnswer[]>().notNull(),
    http: jsonb('http').$type<readonly HttpAnswer[]>().notNull(),
    /** Its answers by side since the run began, as a sample of the split. */
    counts: jsonb('counts').$type<readonly AnswerCount[]>().notNull().default(sql`'[]'::jsonb`),
    /** The process of an agent that reports, and since when; null = not an agent's. */
    instance: text('instance'),
    instanceSince: instant('instance_since'),
  },
  (table) => [primaryKey({ columns: [table.runId, table.kind, table.name] })],
);
