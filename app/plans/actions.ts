'use server';

import type { ApplyPlanAction, ImportPlanAction } from '@/lib/client/actions';
import { applyPlan as apply } from '@/lib/server/apply-plan';
import { importPlan as take } from '@/lib/server/import-plan';

export const applyPlan: ApplyPlanAction = async (input) => apply(input);
export const importPlan: ImportPlanAction = async (input) => take(input);
