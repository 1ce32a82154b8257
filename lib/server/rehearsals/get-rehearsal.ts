import 'server-only';
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { RehearsalRow, RehearsalView } from '@/lib/contract/rehearsal';
import type { Database } from '@/lib/db/database';
import { plans, rehearsals } from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** The parts that reports of earlier builds lack. */
const noParts = { commands: [], notes: [] };

/** The newest that a plan's list shows. */
const listedMax = 50;

const columns = {
  id: rehearsals.id,
  planId: rehearsals.planId,
  state: rehearsals.state,
  progress: rehearsals.progress,
  verdict: rehearsals.verdict,
  input: rehearsals.input,
  endedWell: sql<number | null>`(${rehearsals.drill} ->> 'endedWell')::int`,
  actor: rehearsals.actor,
  createdAt: rehearsals.createdAt,
  endedAt: rehearsals.endedAt,
};

type Row = Pick<typeof rehearsals.$inferSelect, Exclude<keyof typeof columns, 'endedWell'>> & {
  readonly endedWell: number | null;
};

const toRow = ({ input, createdAt, endedAt, ...row }: Row): RehearsalRow => ({
  ...row,
  seed: input.settings.seed,
  events: input.settings.events,
  faults: input.settings.faults.count + input.settings.faults.given.length,
  createdAt: createdAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});

async function readRows(db: Database, where: SQL | undefined): Promise<readonly RehearsalRow[]> {
  const rows = await db
    .select(columns)
    .from(rehearsals)
    .where(where)
    .orderBy(desc(rehearsals.createdAt), desc(rehearsals.id))
    .limit(listedMax);
  return rows.map(toRow);
}

/** Returns the rehearsals of a plan, newest first, at most 50. */
export const listRehearsals = query(
  'rehearsal.list',
  PlanId,
  (planId) => ({ plan: planId }),
  async (planId) => readRows((await serverContext()).database.db, eq(rehearsals.planId, planId)),
);

/** Returns a rehearsal with its settings and its report; null if it does not exist. */
export const getRehearsal = query(
  'rehearsal.get',
  z.string().min(1).max(40),
  (rehearsalId) => ({ rehearsal: rehearsalId }),
  async (rehearsalId): Promise<RehearsalView | null> => {
    const { db } = (await serverContext()).database;
    const [row] = await db
      .select({
        rehearsal: rehearsals,
        diversionId: plans.diversionId,
        connectionId: plans.connectionId,
        plan: plans.plan,
      })
      .from(rehearsals)
      .innerJoin(plans, eq(plans.id, rehearsals.planId))
      .where(eq(rehearsals.id, rehearsalId));
    if (row === undefined) return null;
    const { diversionId, connectionId, plan } = row;
    const { finished: _, ...rehearsal } = row.rehearsal;
    const { hash, report, drill, error, input, planId } = rehearsal;
    const done = await readRows(db, and(eq(rehearsals.planId, planId), eq(rehearsals.state, 'done')));
    return {
      ...toRow({ ...rehearsal, endedWell: rehearsal.drill?.endedWell ?? null }),
      name: plan.diversion.name,
      diversionId,
      connectionId,
      hash,
      settings: input.settings,
      cutover: input.cutover,
      report: report && { ...noParts, ...report },
      drill,
      error,
      others: done.filter(({ id }) => id !== rehearsalId),
    };
  },
);
