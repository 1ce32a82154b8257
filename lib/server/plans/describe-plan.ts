import 'server-only';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { DescribedStep, PlanDescription } from '@/lib/contract/plan-description';
import { Diversion, DiversionId } from '@/lib/diversion/diversion';
import { effectsHash } from '@/lib/plan/model/hash';
import { type Plan, PlanId, type Step } from '@/lib/plan/model/model';
import type { Finding } from '@/lib/preflight/model/model';
import { ok, type Result } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { listNamedObjects } from '@/lib/server/access/named-objects';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { makePlan, runPreflight } from '@/lib/store/plans/make-plan';
import { readPlan } from '@/lib/store/plans/read-plan';
import { checkDiversion } from './check-diversion';
import { describeFinding } from './describe-finding';
import { describeStep } from './describe-step';

const describeSteps = (steps: readonly Step[]) =>
  steps.map((step): DescribedStep => ({ id: step.id, text: describeStep(step) }));

type Stored = Pick<PlanDescription, 'planId' | 'diversionId' | 'hash'>;
const notStored: Stored = { planId: null, diversionId: null, hash: null };

async function describe(
  plan: Plan,
  findings: readonly Finding[],
  stored: Stored = notStored,
): Promise<PlanDescription> {
  const described = findings.map(describeFinding);
  return {
    name: plan.diversion.name,
    kind: plan.diversion.kind,
    connectionId: plan.connectionId,
    ...stored,
    effects: await effectsHash(plan),
    steps: describeSteps(plan.steps),
    rollback: describeSteps(plan.rollback),
    findings: described,
    isBlocked: described.some(({ isBlocking }) => isBlocking),
  };
}

/**
 * Plans a diversion on the newest snapshot and describes the plan with its preflight; nothing is stored. `diversionId`:
 * the diversion whose next revision the plan would be, which must exist.
 */
export const previewPlan = query(
  'plan.preview',
  z.object({
    connectionId: z.string(),
    diversion: Diversion,
    diversionId: DiversionId.nullable().default(null),
  }),
  ({ connectionId, diversion, diversionId }) => ({
    ...listNamedObjects(connectionId, diversion),
    ...(diversionId !== null && { diversion: diversionId }),
  }),
  async ({ connectionId, diversion, diversionId }, actor): Promise<Result<PlanDescription, ActionError>> => {
    const { db } = (await serverContext()).database;
    const open = await checkDiversion(db, { connectionId, diversionId, contentVersion: null });
    if (!open.ok) return open;
    const made = await makePlan(connectionId, diversion);
    if (!made.ok) return made;
    const { plan, estate } = made.value;
    const permitted = await checkPlanAccess(actor, 'plan.preview', plan);
    if (!permitted.ok) return permitted;
    return ok(await describe(plan, await runPreflight(plan, estate, null)));
  },
);

/** Describes a stored plan with its preflight in words; null if it does not exist. */
export const describePlan = query(
  'plan.describe',
  PlanId,
  (planId) => ({ plan: planId }),
  async (planId): Promise<PlanDescription | null> => {
    const view = await readPlan((await serverContext()).database.db, planId);
    if (view === null) return null;
    const { id, diversionId, hash, plan, findings } = view;
    return describe(plan, findings, { planId: id, diversionId, hash });
  },
);
