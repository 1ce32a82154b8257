import 'server-only';
import { z } from 'zod';
import { Diversion, DiversionId } from '@/lib/diversion/diversion';
import { planFileMax } from '@/lib/input/import-limits';
import { planFileSchema } from '@/lib/plan/export/plan-file';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { fixPlan } from '@/lib/server/diversions/fix-plan';
import { approvePlan, withdrawApproval } from '@/lib/server/plans/change-approvals';
import { cancelRequest, commentPlan, declinePlan, requestApproval } from '@/lib/server/plans/change-requests';
import { checkClock } from '@/lib/server/plans/check-clock';
import { createPlan } from '@/lib/server/plans/create-plan';
import { describePlan, previewPlan } from '@/lib/server/plans/describe-plan';
import { exportPlan, type PlanExport } from '@/lib/server/plans/export-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { getPlanSchema } from '@/lib/server/plans/get-plan-schema';
import { getPlanScenario } from '@/lib/server/plans/get-scenario';
import { importPlan } from '@/lib/server/plans/import-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { exampleCutover } from './example-cutover';
import { exampleSplit } from './example-diversion';
import type { Operation } from './operation';

const PlanRef = z.object({ planId: PlanId });

/** The fields of a finding that programs rely on. */
const FindingFields = z.looseObject({
  check: z.string(),
  status: z.enum(['pass', 'warn', 'block', 'unknown']),
  field: z.string().nullable(),
  objects: z.array(z.string()),
});

/** The fields of a plan that programs rely on. */
const PlanFields = z.looseObject({
  id: PlanId,
  diversionId: DiversionId,
  hash: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  isIntact: z.boolean(),
  plan: z.looseObject({ steps: z.array(z.looseObject({})), rollback: z.array(z.looseObject({})) }),
  findings: z.array(FindingFields),
  runId: RunId.nullable(),
  approvals: z.looseObject({ count: z.object({ needed: z.int(), given: z.int() }) }),
});

const StepText = z.object({ id: z.string(), text: z.string() });

/** A plan in words (`PlanDescription`). */
const DescriptionFields = z.looseObject({
  name: z.string(),
  kind: z.string(),
  connectionId: z.string(),
  planId: PlanId.nullable(),
  diversionId: DiversionId.nullable(),
  hash: z.string().nullable(),
  effects: z.string(),
  steps: z.array(StepText),
  rollback: z.array(StepText),
  findings: z.array(
    z.looseObject({ check: z.string(), status: z.string(), isBlocking: z.boolean(), text: z.string() }),
  ),
  isBlocked: z.boolean(),
});

const hash = '0'.repeat(64);

/** Plans and their approvals. */
export const planOperations = [
  {
    name: 'plan.create',
    method: 'POST',
    path: '/plans',
    summary: 'Plans a diversion on the newest snapshot, as a new diversion or as the next revision of one',
    run: createPlan,
    input: z.object({
      connectionId: z.string(),
      diversion: Diversion,
      diversionId: DiversionId.nullable().default(null),
    }),
    example: { connectionId: 'sandbox-niaga', diversion: exampleSplit, diversionId: null },
    answer: PlanRef,
  },
  {
    name: 'plan.preview',
    method: 'POST',
    path: '/plans/preview',
    summary: 'Plans a diversion and describes the plan in words, and stores nothing',
    run: previewPlan,
    isResult: true,
    example: { connectionId: 'sandbox-niaga', diversion: exampleSplit },
    answer: DescriptionFields,
  },
  {
    name: 'plan.import',
    method: 'POST',
    path: '/plans/import',
    summary: 'Imports a plan from an exported file',
    run: importPlan,
    file: { bytesMax: planFileMax, schema: planFileSchema },
    answer: PlanRef,
  },
  {
    name: 'plan.getSchema',
    method: 'GET',
    path: '/plans/schema',
    summary: 'Returns the JSON Schema of an exported plan',
    run: getPlanSchema,
  },
  {
    name: 'plan.get',
    method: 'GET',
    path: '/plans/{planId}',
    summary: 'Returns a plan with its steps, preflight and approvals',
    run: getPlan,
    answer: PlanFields,
  },
  {
    name: 'plan.getScenario',
    method: 'GET',
    path: '/plans/{planId}/scenario',
    summary: 'Returns the event of a plan as a scenario of the capacity model',
    run: getPlanScenario,
    toInput: ({ path }) => path.planId,
  },
  {
    name: 'plan.describe',
    method: 'GET',
    path: '/plans/{planId}/description',
    summary: 'Describes a plan and its preflight in words',
    run: describePlan,
    answer: DescriptionFields,
  },
  {
    name: 'plan.check',
    method: 'GET',
    path: '/plans/{planId}/checks',
    summary: 'Returns the findings that are new since the plan was made, for a schedule',
    run: checkClock,
    isResult: true,
    answer: z.object({ findings: z.array(FindingFields) }),
  },
  {
    name: 'plan.export',
    method: 'GET',
    path: '/plans/{planId}/export/{form}',
    summary: 'Exports a plan: as json, tccli, tccli-back or terraform',
    run: exportPlan,
    isResult: true,
    text: (file: PlanExport) => file,
  },
  {
    name: 'plan.fix',
    method: 'POST',
    path: '/plans/{planId}/fix',
    summary: 'Plans the next revision with the fix of a finding',
    run: fixPlan,
    example: { finding: 0 },
    answer: PlanRef,
  },
  {
    name: 'plan.approve',
    method: 'POST',
    path: '/plans/{planId}/approve',
    summary: 'Approves the plan of this hash',
    run: approvePlan,
    example: { hash, name: 'Sari', comment: 'Reviewed with the shop team.' },
  },
  {
    name: 'approval.request',
    method: 'POST',
    path: '/plans/{planId}/requests',
    summary: 'Asks people, or everyone who may, to approve the plan of this hash',
    run: requestApproval,
    example: { hash, approvers: null, message: 'For the sale on Friday.' },
  },
  {
    name: 'approval.cancelRequest',
    method: 'DELETE',
    path: '/plans/{planId}/requests/{requestId}',
    summary: 'Cancels a request for approval',
    run: cancelRequest,
    toInput: ({ path }) => ({ planId: path.planId, requestId: Number(path.requestId) }),
  },
  {
    name: 'approval.decline',
    method: 'POST',
    path: '/plans/{planId}/decline',
    summary: 'Declines to approve the plan of this hash',
    run: declinePlan,
    example: { hash, name: 'Sari', reason: 'The ramp is too fast.' },
  },
  {
    name: 'approval.comment',
    method: 'POST',
    path: '/plans/{planId}/comments',
    summary: 'Adds a comment to the plan of this hash',
    run: commentPlan,
    example: { hash, name: 'Sari', text: 'Please ramp more slowly.' },
  },
  {
    name: 'approval.withdraw',
    method: 'DELETE',
    path: '/approvals/{approvalId}',
    summary: 'Withdraws an approval',
    run: withdrawApproval,
  },
  {
    name: 'plan.apply',
    method: 'POST',
    path: '/plans/{planId}/apply',
    summary: 'Applies the plan of this hash at once, or schedules it',
    run: applyPlan,
    example: { hash, typedDomain: null, cutover: exampleCutover },
    answer: z.object({ runId: RunId }),
  },
] as const satisfies readonly Operation[];
