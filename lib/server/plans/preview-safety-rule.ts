import 'server-only';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { RefusedDiversion, SafetyRulePreview } from '@/lib/contract/safety';
import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { judgePlan } from '@/lib/safety/judge-change';
import { type Violation, violationValues } from '@/lib/safety/safety-facts';
import { SafetyRule, type StoredSafetyRule } from '@/lib/safety/safety-rule';
import { forecastWriteTimes } from '@/lib/safety/write-times';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readSafetyRules } from '@/lib/store/plans/read-rule-facts';
import { readFactsFor } from '@/lib/store/plans/read-safety-facts';
import { isOpenRun, runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { spanOfPlan } from '@/lib/store/runs/run-overlap';

/** The newest diversions that are judged. */
const judgedMax = 100;

/** A rule, and the id under which it is stored; null = it is not stored yet. */
export const PreviewInput = z.object({ id: z.int().nullable().default(null), rule: SafetyRule });

type CurrentPlan = {
  readonly planId: PlanId;
  readonly diversionId: DiversionId;
  readonly plan: Plan;
  readonly runId: RunId | null;
  readonly cutover: Cutover | null;
};

/** Returns the newest plan of each diversion that has not been applied, or is waiting or in progress. */
async function readCurrentPlans(): Promise<readonly CurrentPlan[]> {
  const { db } = (await serverContext()).database;
  const { rows } = await db.execute<CurrentPlan>(sql`
    with newest as (
      select distinct on (plan.diversion_id) plan.id, plan.diversion_id, plan.plan, plan.created_at
      from plan join diversion on diversion.id = plan.diversion_id
      where diversion.discarded_at is null and plan.plan->'restores' is null
      order by plan.diversion_id, plan.revision desc
    ), open as (select run.id from ${runsWithStateEvent} where ${isOpenRun})
    select newest.id as "planId", newest.diversion_id as "diversionId", newest.plan,
      run.id as "runId", run.cutover
    from newest left join run on run.plan_id = newest.id
    where run.id is null or run.id in (select id from open)
    order by newest.created_at desc limit ${judgedMax}`);
  return rows;
}

/**
 * Returns the current diversions that a rule would refuse: their newest plans, on the newest snapshot, as scheduled. A
 * plan without a schedule is judged as if it started now.
 * @param id of the stored rule, whose gate counts; null = the rule is not stored yet
 */
export const previewSafetyRule = query(
  'safetyRule.preview',
  z.unknown().pipe(PreviewInput),
  'all',
  async ({ id, rule }): Promise<SafetyRulePreview> => {
    const { db } = (await serverContext()).database;
    const known = id === null ? [] : await readSafetyRules(db);
    const stored: StoredSafetyRule = {
      id: id ?? 0,
      rule: { ...rule, isEnabled: true },
      gate: known.find((each) => each.id === id)?.gate ?? null,
    };
    const current = await readCurrentPlans();
    const now = new Date();
    const judge = async (each: CurrentPlan): Promise<readonly Violation[]> => {
      const { plan, planId, runId, cutover } = each;
      const estate = await newestEstate(db, plan.connectionId, plan.diversion.connections);
      if (estate === null) return [];
      const { from, until } = spanOfPlan(plan, cutover, now);
      const start = { from, t0: cutover?.t0 ?? null, isPermanent: until === null };
      const times = cutover === null ? null : forecastWriteTimes(plan.steps, start);
      const facts = await readFactsFor(db, [stored], { planId, runId });
      return judgePlan({ plan, estate, at: now.getTime(), times }, facts);
    };
    const refused: RefusedDiversion[] = [];
    for (const each of current)
      for (const violation of await judge(each))
        refused.push({
          diversionId: each.diversionId,
          planId: each.planId,
          name: each.plan.diversion.name,
          isMomentary: violation.isMomentary,
          values: violationValues(violation),
        });
    return { refused, judged: current.length };
  },
);
