'use server';

import type { ApplyPlanAction, ApprovePlanAction, WithdrawApprovalAction } from '@/lib/client/actions';
import { applyPlan as apply } from '@/lib/server/apply-plan';
import { approvePlan as approve, withdrawApproval as withdraw } from '@/lib/server/change-approvals';

export const applyPlan: ApplyPlanAction = async (input) => apply(input);
export const approvePlan: ApprovePlanAction = async (input) => approve(input);
export const withdrawApproval: WithdrawApprovalAction = async (approvalId) => withdraw(approvalId);
