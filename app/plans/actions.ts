'use server';

import type {
  ApplyPlanAction,
  ApprovePlanAction,
  ImportPlanAction,
  WithdrawApprovalAction,
} from '@/lib/client/actions';
import { applyPlan as apply } from '@/lib/server/apply-plan';
import { approvePlan as approve, withdrawApproval as withdraw } from '@/lib/server/change-approvals';
import { importPlan as take } from '@/lib/server/import-plan';

export const applyPlan: ApplyPlanAction = async (input) => apply(input);
export const importPlan: ImportPlanAction = async (input) => take(input);
export const approvePlan: ApprovePlanAction = async (input) => approve(input);
export const withdrawApproval: WithdrawApprovalAction = async (approvalId) => withdraw(approvalId);
