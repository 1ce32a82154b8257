'use server';

import type { CreatePlanAction, DeployFunctionAction, TryFunctionAction } from '@/lib/client/actions';
import { deployFunction as deploy } from '@/lib/server/functions/deploy-function';
import { tryFunction as tryOut } from '@/lib/server/functions/try-function';
import { createPlan as create } from '@/lib/server/plans/create-plan';

export const createPlanAction: CreatePlanAction = async (input) => create(input);

export const deployFunctionAction: DeployFunctionAction = async (input) => deploy(input);

export const tryFunctionAction: TryFunctionAction = async (input) => tryOut(input);
