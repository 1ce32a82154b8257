'use server';

import type { CreatePlanAction, DeployFunctionAction, TryFunctionAction } from '@/lib/client/actions';
import { createPlan as create } from '@/lib/server/create-plan';
import { deployFunction as deploy } from '@/lib/server/deploy-function';
import { tryFunction as tryOut } from '@/lib/server/try-function';

export const createPlanAction: CreatePlanAction = async (connectionId, diversion) =>
  create(connectionId, diversion);

export const deployFunctionAction: DeployFunctionAction = async (input) => deploy(input);

export const tryFunctionAction: TryFunctionAction = async (input) => tryOut(input);
