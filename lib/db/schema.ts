import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Alert, AlertEventKind } from '@/lib/alerts/alert';
import type { ChannelKind, DeliveryState } from '@/lib/alerts/channel';
import type { AuditObject, AuditOutcome } from '@/lib/audit/audit-entry';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage, FunctionSpec, SyncProgress } from '@/lib/cloud/port';
import type { Cutover, Guard, MissedT0 } from '@/lib/diversion/cutover';
import type { Diversion, DiversionId } from '@/lib/diversion/diversion';
import type { DiversionDraft } from '@/lib/diversion/draft';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { FreezeSpan } from '@/lib/diversion/freeze';
import type { OccurrenceProblem, RecurrenceChange, RecurrenceRule } from '@/lib/diversion/recurrence';
import type { SwitchDiversion } from '@/lib/diversion/switch';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import type { FunctionChange } from '@/lib/estate/functions/function-change';
import type { FunctionPartContent, ReadingPart } from '@/lib/estate/functions/function-reading';
import type { TestInvocationVerdict } from '@/lib/estate/functions/test-invocation';
import type { AuditReading } from '@/lib/estate/history/audit';
import type { EstateChange } from '@/lib/estate/history/diff-estates';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { ClbEvent, ClbMethod } from '@/lib/function-contract/clb-event';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import type { Role } from '@/lib/policy/roles';
import type { Finding } from '@/lib/preflight/model/model';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import type { FailedProbe, HealthRound, KeptDecision } from '@/lib/run/model/failover';
import type { Direction, RunEvent, Sample } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { WatchSummary } from '@/lib/run/model/run-watch';
import type { WorkerProblem } from '@/lib/worker-problem';

/* All tables are in one file, however long: they refer to each other, and migrations are generated from this file. */

/** Times are UTC instants. */
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** The displayable data of a connection. Keys are never stored: the worker has them in its environment. */
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

export const deployments = pgTable('deployment', {
  id: text('id').primaryKey(),
  connectionId: text('connection_id')
    .notNull()
    .references(() => connections.id),
  spec: jsonb('spec').$type<FunctionSpec>().notNull(),
  state: text('state', { enum: ['running', 'done', 'failed'] }).notNull(),
  stage: text('stage').$type<DeployStage>(),
  version: text('version'),
  error: jsonb('error').$type<CloudErrorData>(),
  actor: text('actor').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** Test invocations: calls of functions that show how they respond to a load balancer. */
export const testInvocations = pgTable(
  'test_invocation',
  {
    id: text('id').primaryKey(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    region: text('region').notNull(),
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    qualifier: text('qualifier').notNull(),
    /** The method of the request in its event. Checks use those of GET alone: other requests may be refused rightly. */
    method: text('method').$type<ClbMethod>().notNull().default('GET'),
    /** The event that the function is invoked with. */
    event: jsonb('event').$type<ClbEvent>().notNull(),
    state: text('state', { enum: ['running', 'judged', 'failed'] }).notNull(),
    /** Recorded right before the call is sent: a process that finds it without an end must not call again. */
    calledAt: instant('called_at'),
    /**
     * The version that the qualifier pointed at then, and when the function was last modified, as the cloud reports it.
     */
    version: text('version'),
    modifiedAt: text('modified_at'),
    verdict: jsonb('verdict').$type<TestInvocationVerdict>(),
    durationMs: doublePrecision('duration_ms'),
    billedMs: integer('billed_ms'),
    memoryBytes: bigint('memory_bytes', { mode: 'number' }),
    requestId: text('request_id'),
    /** The beginning of the function's response, or the platform's message. */
    excerpt: text('excerpt'),
    /** The reason why there is no verdict. */
    error: jsonb('error').$type<CloudErrorData>(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('test_invocation_by_function').on(
      ...[table.connectionId, table.region, table.namespace, table.name, table.qualifier],
      table.createdAt,
    ),
  ],
);

/** The function that a row is about. */
const functionColumns = {
  connectionId: text('connection_id')
    .notNull()
    .references(() => connections.id, { onDelete: 'cascade' }),
  region: text('region').notNull(),
  namespace: text('namespace').notNull(),
  name: text('name').notNull(),
};

/** Parts of functions that no sync reads, as the worker last read them for a page; '' = a part of all functions. */
export const functionReadings = pgTable(
  'function_reading',
  {
    ...functionColumns,
    /** The part as text (`functionPartKey`), and as the worker needs it. */
    key: text('key').notNull(),
    part: jsonb('part').$type<ReadingPart>().notNull(),
    state: text('state', { enum: ['running', 'done', 'failed'] }).notNull(),
    askedAt: instant('asked_at').notNull().defaultNow(),
    /** The time of `content`, which may be older than the last reading. */
    readAt: instant('read_at'),
    /** null = there is no such function or version, or nothing was read yet (`readAt`). */
    content: jsonb('content').$type<FunctionPartContent>(),
    error: jsonb('error').$type<CloudErrorData>(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.region, table.namespace, table.name, table.key] }),
    index('function_reading_by_time').on(table.askedAt),
  ],
);

/** Changes of functions outside of plans: who changed what, why, and how it ended. */
export const functionChanges = pgTable(
  'function_change',
  {
    id: text('id').primaryKey(),
    ...functionColumns,
    change: jsonb('change').$type<FunctionChange>().notNull(),
    reason: text('reason').notNull(),
    state: text('state', { enum: ['running', 'done', 'failed'] }).notNull(),
    /** The published version, if the change publishes one. */
    version: text('version'),
    error: jsonb('error').$type<CloudErrorData>(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('function_change_by_function').on(
      ...[table.connectionId, table.region, table.namespace, table.name],
      table.createdAt,
    ),
  ],
);

export const diversionNumber = pgSequence('diversion_number');
export const planNumber = pgSequence('plan_number');
export const runNumber = pgSequence('run_number');
export const switchNumber = pgSequence('switch_number');

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
    findings: jsonb('findings').$type<readonly Finding[]>().notNull(),
    hash: text('hash').notNull(),
    /** The held run that this plan continues; applying this plan abandons that run. */
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
    /** As typed, not verified. */
    name: text('name').notNull(),
    /** The normalized name, by which names are compared. */
    nameKey: text('name_key').notNull(),
    comment: text('comment').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
    withdrawnAt: instant('withdrawn_at'),
  },
  (table) => [uniqueIndex('approval_once').on(table.planId, table.nameKey).where(sql`withdrawn_at is null`)],
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
        sql`event->>'type' in ('held', 'missed') or (event->>'type' = 'rollback' and event->'why'->>'kind' in ('guard', 'missedT0'))`,
      ),
    // The state of each run is derived from these few, without reading the rest of the journal.
    index('run_event_state')
      .on(table.runId, table.id)
      .where(
        sql`event->>'type' in ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'held', 'finished', 'closed')`,
      ),
  ],
);

/** Rounds of probes of runs, and measurements of their traffic, beside their journals: a lost one changes nothing. */
export const runSamples = pgTable(
  'run_sample',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    runId: text('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    at: instant('at').notNull(),
    /** A round of probes; null in a row that has traffic. */
    sample: jsonb('sample').$type<Sample>(),
    traffic: jsonb('traffic').$type<TrafficPoint>(),
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

/** Secret values that all processes on this database share. They are generated, not configured. */
export const sharedSecrets = pgTable('shared_secret', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** The report of each worker every few seconds: that it is alive, and its metrics since its start. */
export const workers = pgTable('worker', {
  id: text('id').primaryKey(),
  version: text('version').notNull(),
  /** Runs in flight are recovered only by workers of the same version. */
  engineVersion: text('engine_version').notNull(),
  startedAt: instant('started_at').notNull(),
  /** By the database's clock. */
  seenAt: instant('seen_at').notNull(),
  /** As prom-client's registries export them (`getMetricsAsJSON`) and import them again. */
  measures: jsonb('measures').$type<readonly object[]>().notNull(),
  /** The current problems of its background loops. */
  problems: jsonb('problems').$type<readonly WorkerProblem[]>().notNull().default([]),
});

/** Periods in which no cutover may move traffic. */
export const changeFreezes = pgTable('change_freeze', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  name: text('name').notNull(),
  span: jsonb('span').$type<FreezeSpan>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** Addresses at which calendar programs read the schedule. A row is removed when its address is revoked. */
export const calendarFeeds = pgTable('calendar_feed', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  name: text('name').notNull(),
  /** SHA-256 of the token in the address, in hex: the token itself is shown once and not stored. */
  tokenHash: text('token_hash').notNull().unique(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  /** To the minute; null = never. */
  lastReadAt: instant('last_read_at'),
});

/** The policies for all plans on connections of a kind; without a row, the defaults of `lib/policy` apply. */
export const policies = pgTable('policy', {
  kind: text('kind', { enum: ['sandbox', 'tencent'] }).primaryKey(),
  approvals: integer('approvals').notNull(),
  zone: text('zone'),
  prewarmS: integer('prewarm_s'),
  missedT0: jsonb('missed_t0').$type<MissedT0>().notNull(),
  guards: jsonb('guards').$type<readonly Guard[]>().notNull(),
  setBy: text('set_by').notNull(),
  setAt: instant('set_at').notNull(),
});

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

/**
 * The emergency stop: while there is a row, all changes are paused and nothing is scheduled, applied or resumed. One
 * row at most.
 */
export const emergencyStops = pgTable('emergency_stop', {
  id: integer('id').primaryKey().default(1),
  actor: text('actor').notNull(),
  reason: text('reason').notNull(),
  at: instant('at').notNull().defaultNow(),
});

/** Each emergency stop and its end: actor, reason, time. Append-only. */
export const emergencyStopLog = pgTable('emergency_stop_log', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  action: text('action', { enum: ['pause', 'resume'] }).notNull(),
  actor: text('actor').notNull(),
  reason: text('reason').notNull(),
  at: instant('at').notNull().defaultNow(),
});

/**
 * The alerts that a person has acknowledged: a hold, a missed T0 or a guard's rollback of a run by its event, a
 * failover of a Switch by its run, a failover that can't move traffic by the time since when. Append-only, but for the
 * time of a withdrawal.
 */
export const alertAcknowledgements = pgTable(
  'alert_acknowledgement',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** The id of the run or the Switch. */
    subject: text('subject').notNull(),
    occurrence: text('occurrence').notNull(),
    /** Of a Switch: the diversion of its moves, which outlives the Switch; null = it had not moved yet. */
    diversionId: text('diversion_id')
      .$type<DiversionId>()
      .references(() => diversions.id),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
    /** Without effect from then on: the alert is open again. */
    withdrawnAt: instant('withdrawn_at'),
  },
  (table) => [
    uniqueIndex('alert_acknowledged_once')
      .on(table.subject, table.occurrence)
      .where(sql`withdrawn_at is null`),
  ],
);

/** The first steps with Spillway, as far as nothing else stores them. One row at most. */
export const firstSteps = pgTable('first_steps', {
  id: integer('id').primaryKey().default(1),
  /** The first time that a route of an estate was opened, and by whom; null = never. */
  routeOpenedBy: text('route_opened_by'),
  routeOpenedAt: instant('route_opened_at'),
  /** Taken off the start page; null = shown. */
  dismissedBy: text('dismissed_by'),
  dismissedAt: instant('dismissed_at'),
});

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
  policy: jsonb('policy').$type<FailoverPolicy>().notNull(),
  state: text('state', { enum: ['disabled', 'enabled', 'failedOver'] })
    .notNull()
    .default('disabled'),
  /** The actor who last enabled or disabled failover. */
  setBy: text('set_by').notNull(),
  setAt: instant('set_at').notNull().defaultNow(),
  /** The newest rounds of probes, oldest first, and the decisions made from them. */
  rounds: jsonb('rounds').$type<readonly HealthRound[]>().notNull().default([]),
  decision: jsonb('decision').$type<KeptDecision>(),
  lastRunId: text('last_run_id')
    .$type<RunId>()
    .references(() => runs.id),
  movedAt: instant('moved_at'),
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

/** A value of an audit entry's content, as a column to filter by. */
const fromContent = (path: string) => sql.raw(`(content::jsonb)${path}`);

/**
 * The audit log (`lib/audit`). Append-only, for the owner of the table, too, as long as its triggers exist. Only `content` is
 * inserted: the trigger `append_audit_entry` sets number, time and hashes, one entry after the other.
 */
export const auditEntries = pgTable(
  'audit_entry',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    /** By the database's clock, in whole milliseconds. */
    at: instant('at').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
    /** Canonical JSON (`AuditContent`). As text, because the hash is that of each character. */
    content: text('content').notNull(),
    actor: text('actor').notNull().generatedAlwaysAs(fromContent(`->>'actor'`)),
    operation: text('operation').notNull().generatedAlwaysAs(fromContent(`->>'operation'`)),
    outcome: text('outcome').$type<AuditOutcome>().notNull().generatedAlwaysAs(fromContent(`->>'outcome'`)),
    /** Of an end: the entry that was recorded before it ran. */
    begun: bigint('begun', { mode: 'number' }).generatedAlwaysAs(
      sql.raw(`((content::jsonb)->>'begun')::bigint`),
    ),
    objects: jsonb('objects')
      .$type<readonly AuditObject[]>()
      .notNull()
      .generatedAlwaysAs(fromContent(`->'objects'`)),
  },
  (table) => [
    index('audit_entry_by_time').on(table.at),
    index('audit_entry_by_actor').on(table.actor, table.seq),
    index('audit_entry_by_operation').on(table.operation, table.seq),
    index('audit_entry_by_object').using('gin', sql`objects jsonb_path_ops`),
    index('audit_entry_ends').on(table.begun).where(sql`begun is not null`),
  ],
);

/** The end of the audit log: its trigger locks this row, so entries are appended one after the other. One row. */
export const auditHeads = pgTable('audit_head', {
  id: integer('id').primaryKey().default(1),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
});

/* People who sign in. The keys of the columns are better-auth's, whose adapter reads and writes these tables. */

/** A person who may sign in. */
export const users = pgTable('app_user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** In lower case. */
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull(),
  image: text('image'),
  role: text('role').$type<Role>().notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** A browser in which a person is signed in. */
export const userSessions = pgTable(
  'user_session',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The end of the session if it is not used until then. */
    expiresAt: instant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** The absolute limit of a session counts from here. */
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [index('user_session_user').on(t.userId)],
);

/** A way in which a person signs in; `credential` is a password, stored as a hash. */
export const userAccounts = pgTable(
  'user_account',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    providerId: text('provider_id').notNull(),
    accountId: text('account_id').notNull(),
    password: text('password'),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text('scope'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [uniqueIndex('user_account_provider').on(t.providerId, t.accountId)],
);

/** Pending confirmations of better-auth, such as of a single sign-on. */
export const userVerifications = pgTable('user_verification', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** The second factor of a person: an app that shows a code every 30 s. */
export const secondFactors = pgTable('second_factor', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** The secret that the app has, encrypted. */
  secret: text('secret').notNull(),
  /** When a code of the app was first confirmed; null = the factor is not in use yet. */
  confirmedAt: instant('confirmed_at'),
  /** The 30 s step of the newest accepted code, since 1970: no code is accepted twice. */
  lastStep: bigint('last_step', { mode: 'number' }),
});

/** The codes with which a person signs in once without their second factor. Only hashes are stored. */
export const recoveryCodes = pgTable(
  'recovery_code',
  {
    codeHash: text('code_hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [index('recovery_code_user').on(t.userId)],
);

/** Failed attempts to sign in, by what they count for: an address, an account, or a known browser. */
export const signInAttempts = pgTable('sign_in_attempt', {
  /** A hash. */
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  /** The first attempt of those that count. */
  startedAt: instant('started_at').notNull(),
});

/** A one-time link with which someone creates their account. Only the hash of its token is stored. */
export const setUpLinks = pgTable('set_up_link', {
  tokenHash: text('token_hash').primaryKey(),
  role: text('role').$type<Role>().notNull(),
  expiresAt: instant('expires_at').notNull(),
});

/** A credential of a program, which acts for the person who created it. Only the hash of the token is stored. */
export const apiTokens = pgTable(
  'api_token',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    name: text('name').notNull(),
    /** Null = the user of this machine, who exists only without sign-in. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    role: text('role').$type<Role>().notNull(),
    /** Reserved for limits to connections, regions and domains. Null = none; a token with unknown limits is refused. */
    scope: jsonb('scope').$type<unknown>(),
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

/** A destination of alerts outside of Spillway, with the alerts that go there. */
export const alertChannels = pgTable('alert_channel', {
  /** A UUID: part of what `sealed` is sealed for. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind').$type<ChannelKind>().notNull(),
  /** The target (`ChannelTarget` as JSON), which only workers can open: `lib/sealed-box.ts`. */
  sealed: text('sealed').notNull(),
  /** The host of the target, to recognize it. */
  host: text('host').notNull(),
  events: jsonb('events').$type<readonly AlertEventKind[]>().notNull(),
  /** The connection whose alerts it gets; null = all. */
  connectionId: text('connection_id').references(() => connections.id, { onDelete: 'cascade' }),
  createdBy: text('created_by').notNull(),
  /** Nothing that happened before is sent. */
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** The deliveries of alerts: what is to be sent, and the log of what was. */
export const alertDeliveries = pgTable(
  'alert_delivery',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    channelId: text('channel_id')
      .notNull()
      .references(() => alertChannels.id, { onDelete: 'cascade' }),
    incident: text('incident').notNull(),
    state: text('state').notNull(),
    alert: jsonb('alert').$type<Alert>().notNull(),
    delivery: text('delivery').$type<DeliveryState>().notNull().default('waiting'),
    /** Attempts so far; each is counted when its outcome is known. */
    attempts: integer('attempts').notNull().default(0),
    /** The time of the next attempt while it waits. */
    nextAt: instant('next_at').notNull(),
    /** The reason why the last attempt failed; null = none has. Contains no part of the target but its host. */
    error: text('error'),
    createdAt: instant('created_at').notNull().defaultNow(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    uniqueIndex('alert_delivery_once').on(t.channelId, t.incident, t.state),
    index('alert_delivery_due').on(t.nextAt).where(sql`delivery = 'waiting'`),
    index('alert_delivery_by_time').on(t.createdAt),
  ],
);
