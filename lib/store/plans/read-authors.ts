import { desc, eq, sql } from 'drizzle-orm';
import { canonicalJson } from '@/lib/canonical-json';
import type { Database } from '@/lib/db/database';
import { diversions, occurrences, plans, recurrences, switches } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { Plan, PlanId } from '@/lib/plan/model/model';

type Revision = {
  readonly plan: Pick<Plan, 'diversion'>;
  readonly approvalFacts: (typeof plans.$inferSelect)['approvalFacts'];
  readonly createdBy: string;
};

const authorsOf = ({ approvalFacts, createdBy }: Revision) => approvalFacts?.authors ?? [createdBy];

async function readRevision(db: Database, planId: PlanId): Promise<Revision | undefined> {
  const columns = { plan: plans.plan, approvalFacts: plans.approvalFacts, createdBy: plans.createdBy };
  const [row] = await db.select(columns).from(plans).where(eq(plans.id, planId));
  return row;
}

/**
 * Returns the people who added the Switch that a plan moves: it is a revision of the Switch's diversion, or the first one,
 * with the same sides.
 */
async function readSwitchAuthors(
  db: Database,
  diversionId: DiversionId | null,
  { connectionId, diversion }: Pick<Plan, 'connectionId' | 'diversion'>,
): Promise<readonly string[]> {
  if (diversion.kind !== 'switch') return [];
  const rows = await db.select().from(switches).where(eq(switches.connectionId, connectionId));
  const sides = canonicalJson(diversion.routes);
  return rows.flatMap((row) => {
    const isMoved = row.diversionId === diversionId || canonicalJson(row.diversion.routes) === sides;
    return isMoved && row.addedBy !== '' ? [row.addedBy] : [];
  });
}

/**
 * Returns the authors of all plans with the same routes on a connection, whatever their name and diversion: a plan that was
 * exported, renamed or copied is still theirs. The moves of a Switch on the board have their own: each names its side.
 */
async function readAuthorsOfRoutes(
  db: Database,
  diversionId: DiversionId | null,
  { connectionId, diversion }: Pick<Plan, 'connectionId' | 'diversion'>,
): Promise<readonly string[]> {
  if (diversionId !== null && diversion.kind === 'switch') {
    if ((await db.$count(switches, eq(switches.diversionId, diversionId))) > 0) return [];
  }
  const { rows } = await db.execute<{ author: string }>(sql`
    select distinct jsonb_array_elements_text(
      coalesce(approval_facts->'authors', jsonb_build_array(created_by))) as author
    from plan
    where connection_id = ${connectionId}
      and md5((plan->'diversion'->'routes')::text) = md5(${JSON.stringify(diversion.routes)}::jsonb::text)`);
  return rows.map(({ author }) => author);
}

/**
 * Returns everyone, by the ids of their accounts, who wrote what the next plan of a diversion contains, so that none of them counts as a reviewer:
 * whoever plans it; everyone who saved its draft since the last plan; the authors of all plans with the same routes; of an occurrence, whoever set the rule of its series, and the authors of its template; of a move, whoever added the
 * Switch.
 * @param diversionId null = it begins one
 * @param isDerived true = Spillway makes the plan from the last one: a fix, or a restore; its authors stay authors
 */
export async function readAuthors(
  db: Database,
  diversionId: DiversionId | null,
  plan: Pick<Plan, 'connectionId' | 'diversion'>,
  actor: string,
  isDerived = false,
): Promise<readonly string[]> {
  const earlier = [
    ...(await readSwitchAuthors(db, diversionId, plan)),
    ...(await readAuthorsOfRoutes(db, diversionId, plan)),
  ];
  if (diversionId === null) return [actor, ...earlier];
  const [[row], [newest], [series]] = await Promise.all([
    db.select({ draftBy: diversions.draftBy }).from(diversions).where(eq(diversions.id, diversionId)),
    db
      .select({ id: plans.id })
      .from(plans)
      .where(eq(plans.diversionId, diversionId))
      .orderBy(desc(plans.revision))
      .limit(1),
    db
      .select({
        setBy: sql<string>`coalesce(${recurrences.setByAccount}, ${recurrences.setBy})`,
        templateId: occurrences.templateId,
      })
      .from(occurrences)
      .innerJoin(recurrences, eq(recurrences.diversionId, occurrences.seriesId))
      .where(eq(occurrences.diversionId, diversionId)),
  ]);
  const [before, template] = await Promise.all([
    newest && readRevision(db, newest.id),
    series && readRevision(db, series.templateId),
  ]);
  const isSame = (revision: Revision) =>
    canonicalJson(revision.plan.diversion) === canonicalJson(plan.diversion);
  return [
    actor,
    ...earlier,
    ...(row?.draftBy ?? []),
    ...(before !== undefined && (isDerived || isSame(before)) ? authorsOf(before) : []),
    ...(series === undefined || template === undefined ? [] : [series.setBy, ...authorsOf(template)]),
  ];
}

/** Returns everyone who wrote what a diversion contains now: the savers of its draft, and the authors of its last plan. */
export async function readContributors(db: Database, diversionId: DiversionId): Promise<readonly string[]> {
  const [[row], [newest]] = await Promise.all([
    db.select({ draftBy: diversions.draftBy }).from(diversions).where(eq(diversions.id, diversionId)),
    db
      .select({ id: plans.id })
      .from(plans)
      .where(eq(plans.diversionId, diversionId))
      .orderBy(desc(plans.revision))
      .limit(1),
  ]);
  const last = newest && (await readRevision(db, newest.id));
  return [...new Set([...(row?.draftBy ?? []), ...(last === undefined ? [] : authorsOf(last))])];
}
