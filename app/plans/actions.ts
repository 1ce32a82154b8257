'use server';

import type { ApplyPlanAction, ApprovePlanAction, WithdrawApprovalAction } from '@/lib/client/actions';
import { applyPlan as apply } from '@/lib/server/apply-plan';
import { approvePlan as approve, withdrawApproval as withdraw } from '@/lib/server/change-approvals';

export const applyPlanAction: ApplyPlanAction = async (input) => apply(input);
export const approvePlanAction: ApprovePlanAction = async (input) => approve(input);
export const withdrawApprovalAction: WithdrawApprovalAction = async (approvalId) => withdraw(approvalId);
