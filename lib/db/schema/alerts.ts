import { sql } from 'drizzle-orm';
import { bigserial, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Alert, AlertEventKind, AlertSeverity } from '@/lib/alerts/alert';
import type { ChannelKind, DeliveryState } from '@/lib/alerts/channel';
import type { DiversionId } from '@/lib/diversion/diversion';
import { diversions } from './diversions';
import { connections } from './estate';
import { instant } from './instant';

/**
 * The alerts that a person has acknowledged: a stop, a missed T0 or a guard's rollback of a run by its event, a
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
  minSeverity: text('min_severity').$type<AlertSeverity>().notNull().default('info'),
  /** The regions and domains whose alerts it gets; empty = all. A domain may be a pattern: `*.example.com`. */
  regions: jsonb('regions').$type<readonly string[]>().notNull().default([]),
  domains: jsonb('domains').$type<readonly string[]>().notNull().default([]),
  /** The minutes before T0 and T1 at which it is told that a run moves traffic, or rolls back. */
  leadMinutes: jsonb('lead_minutes').$type<readonly number[]>().notNull().default([]),
  createdBy: text('created_by').notNull(),
  /** Nothing that happened before is sent. */
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** The links of alerts that were used: each works once. */
export const alertLinkUses = pgTable('alert_link_use', {
  /** The id in the link, which its signature covers. */
  id: text('id').primaryKey(),
  actor: text('actor').notNull(),
  at: instant('at').notNull().defaultNow(),
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
    /** The message that the channel has made of it, by which a later alert of its incident changes it; null = none. */
    reference: text('reference'),
    createdAt: instant('created_at').notNull().defaultNow(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    uniqueIndex('alert_delivery_once').on(t.channelId, t.incident, t.state),
    index('alert_delivery_due').on(t.nextAt).where(sql`delivery = 'waiting'`),
    index('alert_delivery_by_time').on(t.createdAt),
    index('alert_delivery_reference').on(t.channelId, t.incident, t.id).where(sql`reference is not null`),
  ],
);
