import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigserial,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import type { Diversion, DiversionId } from '@/lib/diversion/diversion';
import type { DiversionDraft } from '@/lib/diversion/draft';
import type { OccurrenceProblem, RecurrenceChange, RecurrenceRule } from '@/lib/diversion/recurrence';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import type { ApprovalFacts } from '@/lib/policy/approval-rules';
import type { Finding } from '@/lib/preflight/model/model';
import type { ConvergencePoint } from '@/lib/run/model/convergence';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import type { FailedProbe } from '@/lib/run/model/failover';
import type { Direction, RunEvent, Sample } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { WatchSummary } from '@/lib/run/model/run-watch';
import { connections } from './estate';
import { footprintColumns } from './footprint';
import { instant } from './instant';

/* Diversions, their plans and runs. They are in one file because they refer to each other. */

export const diversionNumber = pgSequence('diversion_number');

export const planNumber = pgSequence('plan_number');

export const runNumber = pgSequence('run_number');

/** `P-0001`, and `P-10000` after `P-9999`: `lpad` would truncate the fifth digit. */
const numbered = (letter: 'D' | 'P' | 'R', sequence: string) =>
  sql.raw(`'${letter}-' || to_char(nextval('${sequence}'), 'FM99999999999990000')`);

/** The trigger `number_plan` sets the value before it is checked. */
const setByTrigger = sql`default`;

/** An operator's intent through its whole life: its plans are its revisions, and their runs belong to it. */
export const diversions = pgTable(
  'diversion',
  {
    id: text('id').$type<DiversionId>().primaryKey().default(numbered('D', 'diversion_number')),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    /** Of its newest plan, or of its draft while it has none. */
    kind: text('kind').$type<Diversion['kind']>().notNull(),
    name: text('name').notNull(),
    domains: text('domains').array().notNull(),
    owner: text('owner').notNull(),
    /** The content with which the editor opens; null = the diversion of its newest plan. */
    draft: jsonb('draft').$type<DiversionDraft>(),
    /** Everyone who has saved the draft since the newest plan, by the ids of their accounts: they are authors of the next one. */
    draftBy: text('draft_by').array().notNull().default(sql`'{}'`),
    /** Of the draft. */
    ...footprintColumns('draft'),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Discarded diversions get no more plans and runs. */
    discardedBy: text('discarded_by'),
    discardedAt: instant('discarded_at'),
  },
  (table) => [index('diversion_by_time').on(table.createdAt)],
);

/** Immutable: editing creates a new plan. */
export const plans = pgTable(
  'plan',
  {
    id: text('id').$type<PlanId>().primaryKey().default(numbered('P', 'plan_number')),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    /** Without one, the plan begins a diversion. */
    diversionId: text('diversion_id')
      .$type<DiversionId>()
      .notNull()
      .$default(() => setByTrigger)
      .references(() => diversions.id),
    /** Counts up within the diversion. */
    revision: integer('revision')
      .notNull()
      .$default(() => setByTrigger),
    plan: jsonb('plan').$type<Plan>().notNull(),
    ...footprintColumns('plan'),
    findings: jsonb('findings').$type<readonly Finding[]>().notNull(),
    hash: text('hash').notNull(),
    /** The facts that approval rules decide by; null = it was stored before there were rules, and is derived from the plan. */
    approvalFacts: jsonb('approval_facts').$type<ApprovalFacts>(),
    /** The stopped run that this plan continues; applying this plan abandons that run. */
    replaces: text('replaces')
      .$type<RunId>()
      .references((): AnyPgColumn => runs.id, { onDelete: 'set null' }),
    replacesReason: text('replaces_reason').notNull().default(''),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    // For the switchboard's list of moves, without unpacking every plan.
    index('plan_of_switch').on(table.createdAt).where(sql`plan->'diversion'->>'kind' = 'switch'`),
    index('plan_replaces').on(table.replaces).where(sql`replaces is not null`),
    // The authors of plans with the same routes.
    index('plan_routes').on(table.connectionId, sql`md5((plan->'diversion'->'routes')::text)`),
    uniqueIndex('plan_revision').on(table.diversionId, table.revision),
  ],
);

/** The rules by which diversions repeat: each such diversion is the template of a series. */
export const recurrences = pgTable('recurrence', {
  diversionId: text('diversion_id')
    .$type<DiversionId>()
    .primaryKey()
    .references(() => diversions.id),
  rule: jsonb('rule').$type<RecurrenceRule>().notNull(),
  setBy: text('set_by').notNull(),
  /** The id of that account, by which rights are looked up; null = not a person's: then by `set_by`. */
  setByAccount: text('set_by_account'),
  setAt: instant('set_at').notNull().defaultNow(),
  /** The moved names that were confirmed; null = an account of the sandbox, which asks for none. */
  movedNames: text('moved_names').array().$type<readonly string[]>(),
  /** Stopped recurrences create nothing more. */
  stoppedBy: text('stopped_by'),
  stoppedAt: instant('stopped_at'),
});

/** The changes of recurrences, with actor and reason. */
export const recurrenceChanges = pgTable(
  'recurrence_change',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    diversionId: text('diversion_id')
      .$type<DiversionId>()
      .notNull()
      .references(() => diversions.id),
    change: text('change').$type<RecurrenceChange>().notNull(),
    /** As it was set, or as it was when it was stopped. */
    rule: jsonb('rule').$type<RecurrenceRule>().notNull(),
    actor: text('actor').notNull(),
    reason: text('reason').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('recurrence_change_by_diversion').on(table.diversionId, table.id)],
);

/** The diversions that the worker has created by a rule. */
export const occurrences = pgTable(
  'occurrence',
  {
    diversionId: text('diversion_id')
      .$type<DiversionId>()
      .primaryKey()
      .references(() => diversions.id),
    seriesId: text('series_id')
      .$type<DiversionId>()
      .notNull()
      .references(() => recurrences.diversionId),
    /** The date in the rule's zone, which identifies it in its series. */
    date: text('date').notNull(),
    t0: instant('t0').notNull(),
    t1: instant('t1').notNull(),
    /** The plan of the series that it was made from. */
    templateId: text('template_id')
      .$type<PlanId>()
      .notNull()
      .references(() => plans.id),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** When the worker had planned and scheduled it, or had found that it can't; null = it is still to be done. */
    settledAt: instant('settled_at'),
    /** The reasons why it could not be planned or scheduled; null = it was, or is still to be done. */
    problem: jsonb('problem').$type<readonly OccurrenceProblem[]>(),
    /** When a change of the rule, or the worker, replaced it: its date can be created again. */
    replacedAt: instant('replaced_at'),
  },
  (table) => [
    // A date is created once: one that was canceled or discarded by hand is not created again.
    uniqueIndex('occurrence_once').on(table.seriesId, table.date).where(sql`replaced_at is null`),
    index('occurrence_unsettled').on(table.seriesId).where(sql`settled_at is null`),
  ],
);

/** The number of requests to a plan's names when the plan was created. */
export const planTraffic = pgTable('plan_traffic', {
  planId: text('plan_id')
    .$type<PlanId>()
    .primaryKey()
    .references(() => plans.id, { onDelete: 'cascade' }),
  at: instant('at').notNull(),
  readings: jsonb('readings').$type<readonly TrafficReading[]>().notNull(),
  /** The lag of the figures of the plan's functions, in ms; null = they had none. */
  functionLagMs: integer('function_lag_ms'),
  /** The number of listeners that serve the names but were not measured. */
  unmeasured: integer('unmeasured').notNull().default(0),
  /**
   * The reason why they were not measured, unless it was their number: the first error, or why nothing at all could be
   * measured.
   */
  error: jsonb('error').$type<CloudErrorData>(),
});

/** The traffic of diversions whose traffic is moved, as the worker measures it. */
export const diversionTraffic = pgTable('diversion_traffic', {
  diversionId: text('diversion_id')
    .$type<DiversionId>()
    .primaryKey()
    .references(() => diversions.id, { onDelete: 'cascade' }),
  /** The last measurement, successful or not. */
  at: instant('at').notNull(),
  /** The newest points, oldest first. */
  points: jsonb('points').$type<readonly TrafficPoint[]>().notNull(),
  /** The reason why the last measurement failed; null = it did not. */
  error: jsonb('error').$type<CloudErrorData>(),
});

/** The approvals of plans. A withdrawn approval stays stored but no longer counts. */
export const approvals = pgTable(
  'approval',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    planId: text('plan_id')
      .$type<PlanId>()
      .notNull()
      .references(() => plans.id),
    /** The hash of the plan that was reviewed. */
    hash: text('hash').notNull(),
    /** The address of the person; without sign-in as typed, not verified. */
    name: text('name').notNull(),
    /** By which approvals are of the same person: the id of the account; without sign-in the normalized name. */
    nameKey: text('name_key').notNull(),
    comment: text('comment').notNull(),
    /** The id of the person's account; `local` without sign-in. */
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
    withdrawnAt: instant('withdrawn_at'),
  },
  (table) => [uniqueIndex('approval_once').on(table.planId, table.nameKey).where(sql`withdrawn_at is null`)],
);

/** The decisions that a plan runs without the approvals that it needs. Append-only: the mark stays. */
export const breakGlasses = pgTable(
  'break_glass',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    planId: text('plan_id')
      .$type<PlanId>()
      .notNull()
      .references(() => plans.id),
    /** The hash of the plan that was reviewed. */
    hash: text('hash').notNull(),
    /** The schedule of the plan's run that it is for, from 1: one more for each time that it was rescheduled or canceled. */
    schedule: integer('schedule').notNull().default(1),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    /** The id of that account, by which rights are looked up; null = not a person's: then by `actor`. */
    accountId: text('account_id'),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [index('break_glass_by_plan').on(table.planId)],
);

/** The requests to approve a plan. Append-only, but for the time of their end. */
export const approvalRequests = pgTable(
  'approval_request',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    planId: text('plan_id')
      .$type<PlanId>()
      .notNull()
      .references(() => plans.id),
    /** The hash of the plan that is to be reviewed. */
    hash: text('hash').notNull(),
    /** The people who are asked; null = everyone who may approve. */
    approvers: text('approvers').array().$type<readonly string[]>(),
    message: text('message').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
    canceledAt: instant('canceled_at'),
  },
  (table) => [index('approval_request_by_plan').on(table.planId)],
);

/** Comments on plans, and refusals to approve them. Append-only. */
export const approvalComments = pgTable(
  'approval_comment',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    planId: text('plan_id')
      .$type<PlanId>()
      .notNull()
      .references(() => plans.id),
    hash: text('hash').notNull(),
    kind: text('kind', { enum: ['comment', 'decline'] }).notNull(),
    text: text('text').notNull(),
    /** Without sign-in, as typed. */
    name: text('name').notNull(),
    /** The id of the person's account; `local` without sign-in. */
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [index('approval_comment_by_plan').on(table.planId)],
);

/** One execution of a plan; a plan runs once. */
export const runs = pgTable('run', {
  id: text('id').$type<RunId>().primaryKey().default(numbered('R', 'run_number')),
  planId: text('plan_id')
    .$type<PlanId>()
    .notNull()
    .unique()
    .references(() => plans.id),
  /** The number of times that a worker has claimed this run: only the latest claimant may write for it. */
  fence: integer('fence').notNull().default(0),
  /** The plan's schedule; null = it was applied at once. */
  cutover: jsonb('cutover').$type<Cutover>(),
  /** The guards of a run without a schedule: those of the policy when it was applied. A schedule has its own. */
  guards: jsonb('guards').$type<readonly Guard[]>().notNull().default([]),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  /** The failed probes that a failover was decided by; null = a person or the clock started it. */
  failoverProbes: jsonb('failover_probes').$type<readonly FailedProbe[]>(),
  /** When details were last removed from its journal (`prune_journal`); null = the journal is whole. */
  prunedAt: instant('pruned_at'),
});

/** Each attempt of a run: the apply, a retry, a rollback. */
export const runAttempts = pgTable(
  'run_attempt',
  {
    runId: text('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    attempt: integer('attempt').notNull(),
    direction: text('direction').$type<Direction>().notNull(),
    actor: text('actor').notNull(),
    /** The id of that account, by which rights are looked up; null = not a person's: then by `actor`. */
    accountId: text('account_id'),
    /** The reason given with the request. */
    reason: text('reason').notNull().default(''),
    requestedAt: instant('requested_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.attempt] })],
);

/** The journal: append-only. */
export const runEvents = pgTable(
  'run_event',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    runId: text('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    event: jsonb('event').$type<RunEvent>().notNull(),
  },
  (table) => [
    index('run_event_by_run').on(table.runId, table.id),
    // A run reads its journal before each batch of steps: a long hold has thousands of samples, which it doesn't need.
    index('run_event_unmeasured').on(table.runId, table.id).where(sql`event->>'type' <> 'watched'`),
    // Spillway's writes at a given time, whichever run made them.
    index('run_event_written').on(sql`(event->>'at')`).where(sql`event->>'type' in ('accepted', 'stepDone')`),
    // The load balancers that Spillway has created.
    index('run_event_created').on(table.runId).where(sql`event->>'loadBalancerId' is not null`),
    // The changes that runs have in effect are derived from their done steps.
    index('run_event_done').on(table.runId, table.id).where(sql`event->>'type' = 'stepDone'`),
    // Few runs have one: what needs a person is found without looking at the others.
    index('run_event_alert')
      .on(table.runId, table.id)
      .where(
        sql`event->>'type' in ('stopped', 'missed') or (event->>'type' = 'rollback' and event->'why'->>'kind' in ('guard', 'missedT0'))`,
      ),
    // The newest events that alert channels may be told of are read every two seconds.
    index('run_event_told')
      .on(table.id)
      .where(
        sql`event->>'type' in ('finished', 'checked', 'started') or (event->>'type' = 'passed' and event->>'gate' = 'T0')`,
      ),
    // The state of each run is derived from these few, without reading the rest of the journal.
    index('run_event_state')
      .on(table.runId, table.id)
      .where(
        sql`event->>'type' in ('started', 'gate', 'passed', 'missed', 'paused', 'continued', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'stopped', 'finished', 'closed')`,
      ),
  ],
);

/**
 * Rounds of probes of runs, measurements of their traffic, and counts of DNS answers, beside their journals: a lost one
 * changes nothing. Each row has one of them.
 */
export const runSamples = pgTable(
  'run_sample',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    runId: text('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    at: instant('at').notNull(),
    /** A round of probes. */
    sample: jsonb('sample').$type<Sample>(),
    traffic: jsonb('traffic').$type<TrafficPoint>(),
    convergence: jsonb('convergence').$type<ConvergencePoint>(),
  },
  (table) => [index('run_sample_by_run').on(table.runId, table.id), index('run_sample_by_time').on(table.at)],
);

/** The summary of the probe rounds of each run. */
export const runWatches = pgTable('run_watch', {
  runId: text('run_id')
    .$type<RunId>()
    .primaryKey()
    .references(() => runs.id, { onDelete: 'cascade' }),
  /** The first round and the last. */
  since: instant('since').notNull(),
  at: instant('at').notNull(),
  summary: jsonb('summary').$type<WatchSummary>().notNull(),
  /** When its newest breach after its end was found; null = none. An alert until it is acknowledged. */
  breachAt: instant('breach_at'),
});
