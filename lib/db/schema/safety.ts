import { bigserial, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { GateState, SafetyRule } from '@/lib/safety/safety-rule';
import { instant } from './instant';

/** The safety rules for all plans. The name of a rule is unique: a refusal names it. */
export const safetyRules = pgTable('safety_rule', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  name: text('name').notNull().unique(),
  rule: jsonb('rule').$type<SafetyRule>().notNull(),
  /** The state of the gate of a gating rule; null = it was never switched, so it is off. */
  gate: jsonb('gate').$type<GateState>(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull().defaultNow(),
});
