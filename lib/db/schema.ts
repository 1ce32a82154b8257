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
import type { ClbEvent } from '@/lib/clb-event';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage, FunctionSpec, SyncProgress } from '@/lib/cloud/port';
import type { Cutover, Guard, MissedT0 } from '@/lib/diversion/cutover';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { FreezeSpan } from '@/lib/diversion/freeze';
import type { SwitchDiversion } from '@/lib/diversion/switch';
import type { StoredDiversion } from '@/lib/diversion/upgrade-diversion';
import type { AuditReading } from '@/lib/estate/audit';
import type { EstateChange } from '@/lib/estate/diff-estates';
import type { TrialVerdict } from '@/lib/estate/function-trial';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { TrafficReading } from '@/lib/estate/serving-listeners';
import type { StoredPlan } from '@/lib/plan/stored-plan';
import type { Finding } from '@/lib/preflight/model';
import type { FailoverDecision, HealthRound } from '@/lib/run/failover';
import type { Direction, RunEvent } from '@/lib/run/model';
import type { WorkerProblem } from '@/lib/worker-problem';

/*
 * All tables in one file, however long: they name each other, and migrations are made from what stands here.
 */

/** Times are UTC instants. */
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What may be shown of a connection. Keys are never stored: the worker has them in its environment. */
export const connections = pgTable('connection', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['sandbox', 'tencent'] }).notNull(),
  /** Read by the first sync. */
  uin: text('uin'),
  /** Listener ports below 1024 are dialled at port + this: 0 but for a sandbox that may not bind them. */
  portOffset: integer('port_offset').notNull(),
  /** How well the sandbox keeps function code apart from this machine; null for a real account. */
  isolation: text('isolation', { enum: ['jail', 'user', 'weak'] }),
  /** Whether the worker has keys for it. Without, what is stored of it can be read and nothing can be asked of it. */
  available: boolean('available').notNull(),
  /** Until when the worker's keys are valid; null = they are lasting ones. */
  keysExpireAt: instant('keys_expire_at'),
});

/** The newest reading of each connection, whole. Builds without a history leave a row for each reading instead. */
export const estates = pgTable(
  'estate',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    /** Of the last reading that found it so; what stands in `estate` may be older. */
    takenAt: instant('taken_at').notNull(),
    /** Of the last look since then at what changes often; null = none. */
    partsAt: instant('parts_at'),
    /** As it was read. */
    estate: jsonb('estate').$type<Estate>().notNull(),
    /** With what could not be read as it was last known; null = the same. */
    known: jsonb('known').$type<Estate>(),
    /** Its number in the history; null = it has not been filed there. */
    version: integer('version'),
  },
  (table) => [index('estate_by_connection').on(table.connectionId, table.id)],
);

/** The history of an estate: stretches of time in which every look at it found the same. */
export const estateVersions = pgTable(
  'estate_version',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** Counts up within the connection. */
    number: integer('number').notNull(),
    /** The first look that found it, and the last. */
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    /** When the first look had ended: what changed may have done so while it went on. */
    filedAt: instant('filed_at').notNull().defaultNow(),
    /** What the cloud's trail has of the writes that made it; null = it was not asked yet. */
    audit: jsonb('audit').$type<AuditReading>(),
    /** Now and then the known estate whole, so that the way back from the newest one stays short. */
    keyframe: jsonb('keyframe').$type<Estate>(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.number] })],
);

/** What changed in the cloud from the version before to this one, object by object. */
export const estateChanges = pgTable(
  'estate_change',
  {
    connectionId: text('connection_id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').$type<EstateChange['kind']>().notNull(),
    key: text('key').notNull(),
    change: jsonb('change').$type<EstateChange>().notNull(),
    /** By which names the cloud's trail may know the object. */
    names: text('names').array().notNull().default([]),
    /** Nobody made it: the cloud measured something else, such as the health of a target. */
    measured: boolean('measured').notNull().default(false),
    /** The last look before that could read its part; null = that is not remembered. */
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

/** Calls of functions, made to see what they answer a load balancer. */
export const functionTrials = pgTable(
  'function_trial',
  {
    id: text('id').primaryKey(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    region: text('region').notNull(),
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    qualifier: text('qualifier').notNull(),
    /** What it is called with. */
    event: jsonb('event').$type<ClbEvent>().notNull(),
    state: text('state', { enum: ['running', 'judged', 'failed'] }).notNull(),
    /** Noted right before the call goes out: whoever finds it and no end must not call again. */
    calledAt: instant('called_at'),
    /** Where the qualifier led then, and when the function had been modified last, as the cloud says it. */
    version: text('version'),
    modifiedAt: text('modified_at'),
    verdict: jsonb('verdict').$type<TrialVerdict>(),
    durationMs: doublePrecision('duration_ms'),
    billedMs: integer('billed_ms'),
    memoryBytes: bigint('memory_bytes', { mode: 'number' }),
    requestId: text('request_id'),
    /** The beginning of what was answered, or what the platform said. */
    excerpt: text('excerpt'),
    /** Why there is no verdict. */
    error: jsonb('error').$type<CloudErrorData>(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('function_trial_by_function').on(
      ...[table.connectionId, table.region, table.namespace, table.name, table.qualifier],
      table.createdAt,
    ),
  ],
);

export const planNumber = pgSequence('plan_number');
export const runNumber = pgSequence('run_number');
export const switchNumber = pgSequence('switch_number');

/** `P-0001`, and `P-10000` after `P-9999`: `lpad` would cut the fifth digit off. */
const numbered = (letter: 'P' | 'R', sequence: string) =>
  sql.raw(`'${letter}-' || to_char(nextval('${sequence}'), 'FM99999999999990000')`);

/** Immutable: editing makes a new plan. */
export const plans = pgTable(
  'plan',
  {
    id: text('id').primaryKey().default(numbered('P', 'plan_number')),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    plan: jsonb('plan').$type<StoredPlan>().notNull(),
    findings: jsonb('findings').$type<readonly Finding[]>().notNull(),
    hash: text('hash').notNull(),
    /** The held run that this plan goes on from, which is given up when it is applied. */
    replaces: text('replaces').references((): AnyPgColumn => runs.id, { onDelete: 'set null' }),
    replacesReason: text('replaces_reason').notNull().default(''),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    // What the switchboard looks back over, without unpacking each plan there is.
    index('plan_of_switch').on(table.createdAt).where(sql`plan->'diversion'->>'kind' = 'switch'`),
    index('plan_replaces').on(table.replaces).where(sql`replaces is not null`),
  ],
);

/** How many requests the names of a plan got when it was made. */
export const planTraffic = pgTable('plan_traffic', {
  planId: text('plan_id')
    .primaryKey()
    .references(() => plans.id, { onDelete: 'cascade' }),
  at: instant('at').notNull(),
  readings: jsonb('readings').$type<readonly TrafficReading[]>().notNull(),
  /** How many listeners that serve the names are not among the readings. */
  unmeasured: integer('unmeasured').notNull().default(0),
  /** Why not, where it was not for their number: the first reason, or why nothing at all could be measured. */
  error: jsonb('error').$type<CloudErrorData>(),
});

/** Who has approved a plan. What was withdrawn stays, and counts no more. */
export const approvals = pgTable(
  'approval',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    planId: text('plan_id')
      .notNull()
      .references(() => plans.id),
    /** Of the plan that was looked at. */
    hash: text('hash').notNull(),
    /** As it was typed: nobody has checked it. */
    name: text('name').notNull(),
    /** By what a name is the same. */
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
  id: text('id').primaryKey().default(numbered('R', 'run_number')),
  planId: text('plan_id')
    .notNull()
    .unique()
    .references(() => plans.id),
  /** How often a worker has taken this run up: only the latest of them may write for it. */
  fence: integer('fence').notNull().default(0),
  /** The plan's clock; null = it was applied at once. */
  cutover: jsonb('cutover').$type<Cutover>(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  /** When details were last removed from its journal (`prune_journal`); null = the journal is whole. */
  prunedAt: instant('pruned_at'),
});

/** Each go at a run: the apply, a retry, a revert. */
export const runAttempts = pgTable(
  'run_attempt',
  {
    runId: text('run_id')
      .notNull()
      .references(() => runs.id),
    attempt: integer('attempt').notNull(),
    direction: text('direction').$type<Direction>().notNull(),
    actor: text('actor').notNull(),
    /** What was said when it was asked for. */
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
      .notNull()
      .references(() => runs.id),
    event: jsonb('event').$type<RunEvent>().notNull(),
  },
  (table) => [
    index('run_event_by_run').on(table.runId, table.id),
    // What Spillway wrote at a time, whichever run it was.
    index('run_event_accepted').on(sql`(event->>'at')`).where(sql`event->>'type' = 'accepted'`),
    // What runs have left is read from their done steps.
    index('run_event_done').on(table.runId, table.id).where(sql`event->>'type' = 'stepDone'`),
    // Where each run stands is read from these few, without reading the rest of the journal.
    index('run_event_turn')
      .on(table.runId, table.id)
      .where(
        sql`event->>'type' in ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'retrying', 'recovered', 'turned', 'held', 'finished', 'closed')`,
      ),
  ],
);

/** What all processes on this database share and nobody sets. Its values are secret. */
export const sharedSecrets = pgTable('shared_secret', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** What each worker says of itself every few seconds: that it lives, and what it has measured since its start. */
export const workers = pgTable('worker', {
  id: text('id').primaryKey(),
  version: text('version').notNull(),
  /** Runs in flight are taken up by workers of the same one only. */
  engineVersion: text('engine_version').notNull(),
  startedAt: instant('started_at').notNull(),
  /** By the database's clock. */
  seenAt: instant('seen_at').notNull(),
  /** As prom-client's registries export them (`getMetricsAsJSON`) and take them back. */
  measures: jsonb('measures').$type<readonly object[]>().notNull(),
  /** What its background loops can't do for now. */
  problems: jsonb('problems').$type<readonly WorkerProblem[]>().notNull().default([]),
});

/** Times in which no cutover may move traffic. */
export const freezes = pgTable('freeze', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  name: text('name').notNull(),
  span: jsonb('span').$type<FreezeSpan>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** What is settled for all plans on connections of a kind; without a row, what `lib/policy` has by default. */
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

/** Somebody has taken what was found instead of what a plan had left: from then on that is expected of the object. */
export const driftAdoptions = pgTable(
  'drift_adoption',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** The object's own key. */
    key: text('key').notNull(),
    object: jsonb('object').$type<ObjectRef>().notNull(),
    /** The write that had left it in another state: after the next one the adoption counts no more. */
    write: text('write').notNull(),
    /** What was found and adopted. */
    state: jsonb('state').$type<ObjectState>().notNull(),
    /** What was expected before. */
    expected: jsonb('expected').$type<ObjectState>().notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [index('drift_adoption_by_object').on(table.connectionId, table.key, table.id)],
);

/** Everything stands still while there is a row: nothing is scheduled, applied or resumed. One row at most. */
export const lineStops = pgTable('line_stop', {
  id: integer('id').primaryKey().default(1),
  actor: text('actor').notNull(),
  reason: text('reason').notNull(),
  at: instant('at').notNull().defaultNow(),
});

/** Each emergency stop and its end: who, when, why. Append-only. */
export const stopLog = pgTable('stop_log', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  action: text('action', { enum: ['pause', 'resume'] }).notNull(),
  actor: text('actor').notNull(),
  reason: text('reason').notNull(),
  at: instant('at').notNull().defaultNow(),
});

/** A name on the switchboard: two sides, and a policy by which it moves by itself while it is armed. */
export const switches = pgTable('switch', {
  id: text('id').primaryKey().default(sql`'S-' || to_char(nextval('switch_number'), 'FM99999999999990000')`),
  connectionId: text('connection_id')
    .notNull()
    .references(() => connections.id),
  /** Both sides; which way and in which shares is said with each move. */
  diversion: jsonb('diversion').$type<StoredDiversion<SwitchDiversion>>().notNull(),
  policy: jsonb('policy').$type<FailoverPolicy>().notNull(),
  state: text('state', { enum: ['off', 'armed', 'failedOver'] })
    .notNull()
    .default('off'),
  /** Who armed or disarmed it last. */
  setBy: text('set_by').notNull(),
  setAt: instant('set_at').notNull().defaultNow(),
  /** The newest rounds of probes, oldest first, and what was decided from them. */
  rounds: jsonb('rounds').$type<readonly HealthRound[]>().notNull().default([]),
  decision: jsonb('decision').$type<FailoverDecision>(),
  lastRunId: text('last_run_id').references(() => runs.id),
  movedAt: instant('moved_at'),
});

/**
 * Which part of a key's rate limits each worker holds for the next seconds. A worker that uses the key has a row with an
 * empty budget, too.
 */
export const rateLeases = pgTable(
  'rate_lease',
  {
    /** Names the key without giving it away. */
    account: text('account').notNull(),
    /** Service, action and region. */
    budget: text('budget').notNull(),
    holder: text('holder').notNull(),
    rank: text('rank', { enum: ['run', 'asked', 'background'] }),
    /** Requests a second. */
    permits: integer('permits').notNull(),
    until: instant('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.budget, table.holder] })],
);
