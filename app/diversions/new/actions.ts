'use server';

import type { CreatePlanAction, DeployFunctionAction } from '@/lib/client/actions';
import { createPlan as create } from '@/lib/server/create-plan';
import { deployFunction as deploy } from '@/lib/server/deploy-function';

export const createPlan: CreatePlanAction = async (connectionId, diversion) =>
  create(connectionId, diversion);

export const deployFunction: DeployFunctionAction = async (input) => deploy(input);
