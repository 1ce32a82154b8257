import { inArray } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connections } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Plan } from '@/lib/plan/model/model';
import { buildTimeline } from '@/lib/plan/model/timeline';
import { listConnectionIds } from './list-connection-ids';

/**
 * Returns until when a plan needs keys. With T1: until everything is rolled back and drained. Otherwise: until its last
 * step is done, by its forecasts.
 */
function keysNeededUntil(plan: Plan, cutover: Cutover | null, now: Date): Date {
  if (cutover !== null && cutover.t1 !== null)
    return new Date(Date.parse(cutover.t1) + buildTimeline(plan.rollback).totalMs);
  const from = cutover === null ? now.getTime() : Math.max(now.getTime(), Date.parse(cutover.t0));
  return new Date(from + buildTimeline(plan.steps).totalMs);
}

/** An account whose temporary keys expire before a plan is finished, and the expiry. */
export type ExpiringKeys = { readonly connection: string; readonly expiresAt: string };

/** Finds the first account of a plan whose temporary keys expire before the plan is finished; null = none. */
export async function findExpiringKeys(
  db: Pick<Database, 'select'>,
  plan: Plan,
  cutover: Cutover | null,
  now: Date,
): Promise<ExpiringKeys | null> {
  const until = keysNeededUntil(plan, cutover, now);
  const rows = await db
    .select({ name: connections.name, expiresAt: connections.keysExpireAt })
    .from(connections)
    .where(inArray(connections.id, [...listConnectionIds(plan)]));
  const [first] = rows
    .flatMap(({ name, expiresAt }) => (expiresAt === null || expiresAt >= until ? [] : [{ name, expiresAt }]))
    .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
  return first === undefined ? null : { connection: first.name, expiresAt: first.expiresAt.toISOString() };
}
