import { sql } from 'drizzle-orm';
import { jsonb, pgSequence, pgTable, text } from 'drizzle-orm/pg-core';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { SwitchDiversion } from '@/lib/diversion/switch';
import type { HealthRound, KeptDecision } from '@/lib/run/model/failover';
import type { RunId } from '@/lib/run/model/run-id';
import { diversions, runs } from './diversions';
import { connections } from './estate';
import { footprintColumns } from './footprint';
import { instant } from './instant';

/* The switchboard. */

export const switchNumber = pgSequence('switch_number');

/** A name on the switchboard: two sides, and a policy for automatic failover while that is enabled. */
export const switches = pgTable('switch', {
  id: text('id').primaryKey().default(sql`'S-' || to_char(nextval('switch_number'), 'FM99999999999990000')`),
  connectionId: text('connection_id')
    .notNull()
    .references(() => connections.id),
  /** The diversion that its moves are revisions of; null = it has not moved yet. */
  diversionId: text('diversion_id')
    .$type<DiversionId>()
    .references(() => diversions.id),
  /** Both sides; each move states its direction and shares. */
  diversion: jsonb('diversion').$type<SwitchDiversion>().notNull(),
  ...footprintColumns('diversion'),
  policy: jsonb('policy').$type<FailoverPolicy>().notNull(),
  state: text('state', { enum: ['disabled', 'enabled', 'failedOver'] })
    .notNull()
    .default('disabled'),
  /** The actor who added it, and so wrote what its moves do; '' = unknown. */
  addedBy: text('added_by').notNull().default(''),
  /** The actor who last enabled or disabled failover. */
  setBy: text('set_by').notNull(),
  /** The id of that account, by which rights are looked up; null = not a person's: then by `set_by`. */
  setByAccount: text('set_by_account'),
  setAt: instant('set_at').notNull().defaultNow(),
  /** The newest rounds of probes, oldest first, and the decisions made from them. */
  rounds: jsonb('rounds').$type<readonly HealthRound[]>().notNull().default([]),
  decision: jsonb('decision').$type<KeptDecision>(),
  lastRunId: text('last_run_id')
    .$type<RunId>()
    .references(() => runs.id),
  movedAt: instant('moved_at'),
});
