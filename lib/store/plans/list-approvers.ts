import { asc } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { users } from '@/lib/db/schema';
import type { PlanId } from '@/lib/plan/model/model';
import type { ApprovalRequirement } from '@/lib/policy/approval-rules';
import { findLostRights } from '@/lib/store/runs/lost-rights';

type Of = {
  readonly requirement: Pick<ApprovalRequirement, 'selfApproval'>;
  readonly authors: readonly string[];
};

/** Returns the e-mail addresses of the people whose approval of a plan can count: those who may approve it, and where only others count no authors. */
export async function listApprovers(
  db: Pick<Database, 'select' | 'selectDistinct'>,
  planId: PlanId,
  { requirement, authors }: Of,
): Promise<readonly string[]> {
  const people = await db.select({ id: users.id, email: users.email }).from(users).orderBy(asc(users.email));
  const ids = people.map(({ id }) => id);
  const unable = await findLostRights(db, ids, 'plan.approve', { plan: planId });
  return people
    .filter(({ id }) => !unable.has(id) && (requirement.selfApproval || !authors.includes(id)))
    .map(({ email }) => email);
}
