import 'server-only';
import { eq, inArray } from 'drizzle-orm';
import type { AuditObject } from '@/lib/audit/audit-entry';
import type { Database } from '@/lib/db/database';
import { plans, runs } from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';

/** Returns the plans among objects, and those of the runs among them, with their hashes. A plan never changes. */
export async function readPlanHashes(
  db: Database,
  objects: readonly AuditObject[],
): Promise<readonly { id: string; hash: string }[]> {
  const hashes = { id: plans.id, hash: plans.hash };
  const planIds = objects.flatMap(({ kind, id }) =>
    kind === 'plan' ? (PlanId.safeParse(id).data ?? []) : [],
  );
  const runIds = objects.flatMap(({ kind, id }) => (kind === 'run' ? (RunId.safeParse(id).data ?? []) : []));
  const ofPlans =
    planIds.length === 0 ? [] : await db.select(hashes).from(plans).where(inArray(plans.id, planIds));
  const ofRuns =
    runIds.length === 0
      ? []
      : await db
          .select(hashes)
          .from(plans)
          .innerJoin(runs, eq(runs.planId, plans.id))
          .where(inArray(runs.id, runIds));
  return [...new Map([...ofPlans, ...ofRuns].map((each) => [each.id, each])).values()];
}
