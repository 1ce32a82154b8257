import { bigserial, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Guard, MissedT0 } from '@/lib/diversion/cutover';
import type { FreezeSpan } from '@/lib/diversion/freeze';
import type { ApprovalRule } from '@/lib/policy/approval-rules';
import type { WorkerProblem } from '@/lib/worker-problem';
import { instant } from './instant';
import { users } from './people';

/* What concerns the whole installation. */

/**
 * Values that all launchers on this database share: the id of the dashboard's keys, which are in a file outside of it. Only the
 * role that owns the tables reads it. A database of an earlier build has the keys themselves until the first start.
 */
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
  /** The account of its creator, whose rights it needs; null = the user of this machine, who exists only without sign-in. */
  userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  /** To the minute; null = never. */
  lastReadAt: instant('last_read_at'),
});

/** The policies for all plans on connections of a kind; without a row, the defaults of `lib/policy` apply. */
export const policies = pgTable('policy', {
  kind: text('kind', { enum: ['sandbox', 'tencent'] }).primaryKey(),
  zone: text('zone'),
  prewarmS: integer('prewarm_s'),
  missedT0: jsonb('missed_t0').$type<MissedT0>().notNull(),
  guards: jsonb('guards').$type<readonly Guard[]>().notNull(),
  ownerTags: jsonb('owner_tags').$type<readonly string[]>().notNull().default(['managed-by', 'terraform']),
  setBy: text('set_by').notNull(),
  setAt: instant('set_at').notNull(),
});

/** The approval rules, in order. One row at most; none = no rules. */
export const approvalPolicies = pgTable('approval_policy', {
  id: integer('id').primaryKey().default(1),
  rules: jsonb('rules').$type<readonly ApprovalRule[]>().notNull(),
  setBy: text('set_by').notNull(),
  setAt: instant('set_at').notNull(),
});

/** The settings of the whole installation. One row at most; without it, the defaults of its columns apply. */
export const generalSettings = pgTable('general_setting', {
  id: integer('id').primaryKey().default(1),
  /** Everyone who signs in here needs an app for codes or a passkey. */
  isSecondFactorRequired: boolean('is_second_factor_required').notNull().default(false),
});

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
