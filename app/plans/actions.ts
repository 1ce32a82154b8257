'use server';

import type { ApplyPlanAction, ApprovePlanAction, WithdrawApprovalAction } from '@/lib/client/actions';
import { approvePlan as approve, withdrawApproval as withdraw } from '@/lib/server/plans/change-approvals';
import { applyPlan as apply } from '@/lib/server/runs/apply-plan';

export const applyPlanAction: ApplyPlanAction = async (input) => apply(input);
export const approvePlanAction: ApprovePlanAction = async (input) => approve(input);
export const withdrawApprovalAction: WithdrawApprovalAction = async (approvalId) => withdraw(approvalId);
