import { sql } from 'drizzle-orm';
import { doublePrecision, index, jsonb, pgSequence, pgTable, text } from 'drizzle-orm/pg-core';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import type { PlanId } from '@/lib/plan/model/model';
import type { RehearsalSettings } from '@/lib/rehearsal/input';
import type { DrillEvent, DrillReport } from '@/lib/rehearsal/report/drill-report';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { plans } from './diversions';
import { instant } from './instant';

export const rehearsalNumber = pgSequence('rehearsal_number');

/** The input of a rehearsal besides its plan and the newest snapshot. */
export type StoredRehearsalInput = {
  readonly settings: RehearsalSettings;
  /** null = at once. */
  readonly cutover: Cutover | null;
  readonly guards: readonly Guard[];
  readonly keepAliveS: number;
};

/** The first events of a fire drill, and the fingerprint of the input that they are results of. */
export type FinishedEvents = { readonly of: string; readonly events: readonly DrillEvent[] };

/** Rehearsals of plans. Old ones are removed, unless the run of their plan is open. */
export const rehearsals = pgTable(
  'rehearsal',
  {
    id: text('id')
      .primaryKey()
      .default(sql`'H-' || to_char(nextval('rehearsal_number'), 'FM99999999999990000')`),
    planId: text('plan_id')
      .$type<PlanId>()
      .notNull()
      .references(() => plans.id),
    /** Of the plan. */
    hash: text('hash').notNull(),
    input: jsonb('input').$type<StoredRehearsalInput>().notNull(),
    state: text('state', { enum: ['queued', 'running', 'done', 'failed', 'canceled'] })
      .notNull()
      .default('queued'),
    /** From 0 to 1. */
    progress: doublePrecision('progress').notNull().default(0),
    /** Set in state `done`; for a fire drill, of its worst event. */
    report: jsonb('report').$type<RehearsalReport>(),
    /** Set in state `done` of a fire drill. */
    drill: jsonb('drill').$type<DrillReport>(),
    /** Of a fire drill in progress: the events that have ended. An interrupted drill continues after them. */
    finished: jsonb('finished').$type<FinishedEvents>(),
    /** The verdict on all events, for lists and approval rules. */
    verdict: text('verdict').$type<RehearsalReport['verdict']>(),
    /** Set in state `failed`: displayable. */
    error: text('error'),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    endedAt: instant('ended_at'),
  },
  (table) => [index('rehearsal_of_plan').on(table.planId, table.createdAt)],
);
