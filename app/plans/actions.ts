'use server';

import type { ApplyPlanAction } from '@/lib/client/actions';
import { applyPlan as apply } from '@/lib/server/apply-plan';

export const applyPlan: ApplyPlanAction = async (input) => apply(input);
