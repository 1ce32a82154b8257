import { eq } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import type { Database } from '@/lib/db/database';
import { plans } from '@/lib/db/schema';
import type { PlanId } from '@/lib/plan/model/model';
import { ok, type Result } from '@/lib/result';
import { judgePlan } from '@/lib/safety/judge-change';
import { violationValues } from '@/lib/safety/safety-facts';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readSafetyFacts } from '@/lib/store/plans/read-safety-facts';
import { refuse } from '@/lib/store/refusal';

/**
 * Refuses a stored plan that violates a safety rule, whenever it starts. What depends on when it starts, such as a gate,
 * is evaluated then.
 */
export async function checkSafety(db: Database, planId: PlanId): Promise<Result<null, ActionError>> {
  const facts = await readSafetyFacts(db, { planId, runId: null });
  if (facts.rules.length === 0) return ok(null);
  const [row] = await db.select({ plan: plans.plan }).from(plans).where(eq(plans.id, planId));
  if (row === undefined) return ok(null);
  const { plan } = row;
  const estate = await newestEstate(db, plan.connectionId, plan.diversion.connections);
  if (estate === null) return ok(null);
  const violations = await judgePlan({ plan, estate, at: Date.now(), times: null }, facts);
  const violated = violations.find(({ isMomentary }) => !isMomentary);
  return violated === undefined ? ok(null) : refuse('plan.safetyRule', violationValues(violated));
}
