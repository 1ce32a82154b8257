'use server';

import 'server-only';
import { z } from 'zod';
import type { FixPlanAction } from '@/lib/contract/diversion';
import { Diversion } from '@/lib/diversion/diversion';
import { toDraft } from '@/lib/diversion/to-draft';
import { applyFix } from '@/lib/draft/apply-fix';
import { asDiversion } from '@/lib/draft/as-diversion';
import { dropLikeRoutes } from '@/lib/draft/waves';
import { PlanId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { makePlan, storePlan } from '@/lib/store/plans/make-plan';
import { readPlan } from '@/lib/store/plans/read-plan';
import { refuse, refuseInput } from '@/lib/store/refusal';
import { readDiversion } from './get-diversion';

const FixInput = z.object({
  planId: PlanId,
  /** The index of the finding in the plan's list, which is immutable. */
  finding: z.number().int().min(0),
});

/**
 * Creates the next revision of a plan's diversion with the fix of one of its findings, as the editor would. Only for
 * the newest revision: a later one may already have the fix.
 */
export const fixPlan = verb(
  'plan.fix',
  FixInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, finding }, actor): ReturnType<FixPlanAction> => {
    const { db } = (await serverContext()).database;
    const view = await readPlan(db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    const { connection, plan, diversionId } = view;
    const patch = view.findings[finding]?.fix?.patch ?? null;
    if (patch === null) return refuse('plan.noFix');
    const owner = await readDiversion(db, diversionId);
    if (owner?.discarded != null) return refuse('diversion.discarded', { diversion: diversionId });
    if (owner?.newest != null && owner.newest.planId !== planId)
      return refuse('plan.superseded', { plan: planId, by: owner.newest.planId });
    const estate = await newestEstate(db, connection.id, plan.diversion.connections);
    if (estate === null) return refuse('estate.never', { connection: connection.name });
    const draft = dropLikeRoutes(estate, toDraft(plan.diversion));
    const fixed = Diversion.safeParse(asDiversion(applyFix(estate, draft, patch), estate));
    if (!fixed.success) return refuseInput(fixed.error);
    const made = await makePlan(connection.id, fixed.data);
    if (!made.ok) return made;
    const permitted = await checkPlanAccess(actor, 'plan.fix', made.value.plan);
    if (!permitted.ok) return permitted;
    return ok({ planId: await storePlan({ ...made.value, diversionId, isDerived: true }, actor) });
  },
);
