'use server';

import type { CreatePlanAction, DeployFunctionAction, TryFunctionAction } from '@/lib/client/actions';
import { createPlan as create } from '@/lib/server/create-plan';
import { deployFunction as deploy } from '@/lib/server/deploy-function';
import { tryFunction as tryOut } from '@/lib/server/try-function';

export const createPlan: CreatePlanAction = async (connectionId, diversion) =>
  create(connectionId, diversion);

export const deployFunction: DeployFunctionAction = async (input) => deploy(input);

export const tryFunction: TryFunctionAction = async (input) => tryOut(input);
