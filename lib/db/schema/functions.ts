import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage, FunctionSpec } from '@/lib/cloud/port';
import type { FunctionChange } from '@/lib/estate/functions/function-change';
import type { FunctionPartContent, ReadingPart } from '@/lib/estate/functions/function-reading';
import type { TestInvocationVerdict } from '@/lib/estate/functions/test-invocation';
import type { ClbEvent, ClbMethod } from '@/lib/function-contract/clb-event';
import { connections } from './estate';
import { instant } from './instant';

/* Functions outside of plans: deployments, test invocations, readings and changes. */

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
