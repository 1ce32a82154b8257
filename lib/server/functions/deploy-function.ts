'use server';

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { DeployFunctionAction } from '@/lib/contract/function';
import { deployments } from '@/lib/db/schema';
import { deployActions } from '@/lib/estate/actions';
import { functionMemoryMaxMb } from '@/lib/estate/facts/limits';
import { findFunction } from '@/lib/estate/look-up';
import { isFunctionCodeSmall } from '@/lib/input/import-limits';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';
import { checkFunctionWrite } from './check-function-write';
import { getFunctionScope } from './store-function-change';

/**
 * The limits of CreateFunction: name 2–60 characters, memory 64 MB or 128–3072 MB in steps of 128, timeout 1–900 s
 * (https://www.tencentcloud.com/document/api/583/18586), and of CreateAlias:
 * https://cloud.tencent.com/document/api/583/44164.
 */
const DeployInput = z.object({
  connectionId: z.string().min(1),
  region: z.string().min(1, 'region.missing'),
  namespace: z.string().regex(/^[A-Za-z][\w-]{0,59}$/, 'namespace.invalid'),
  name: z.string().regex(/^[A-Za-z][\w-]{0,58}[A-Za-z0-9]$/, 'functionName.invalid'),
  runtime: z.string().min(1, 'runtime.missing'),
  handler: z.string().regex(/^[\w-]+\.[\w-]+$/, 'handler.invalid'),
  code: z.string().min(1, 'code.missing').refine(isFunctionCodeSmall, 'code.tooLong'),
  memoryMb: z
    .number()
    .int('memory.invalid')
    .refine(
      (mb) => mb === 64 || (mb >= 128 && mb <= functionMemoryMaxMb && mb % 128 === 0),
      'memory.invalid',
    ),
  timeoutS: z.number().int('timeout.invalid').min(1, 'timeout.invalid').max(900, 'timeout.invalid'),
  alias: z
    .string()
    .regex(/^[A-Za-z][\w-]{0,63}$/, 'alias.invalid')
    .nullable()
    .default(null),
  isNew: z.boolean().default(false),
});

/**
 * Stores a function's code and submits the deployment to the worker. Refused while changes are paused, a change freeze
 * is in force, the key may not deploy, a run uses the function, or a safety rule refuses it. Deploying a new function is
 * refused if the newest snapshot has one of that name: replacing it requires a confirmation.
 */
export const deployFunction = verb(
  'function.deploy',
  DeployInput,
  getFunctionScope,
  async ({ connectionId, isNew, ...spec }, actor): ReturnType<DeployFunctionAction> => {
    if ((await findConnection(connectionId)) === null) return refuse('connection.gone', { id: connectionId });
    const { database, engine } = await serverContext();
    const estate = await newestEstate(database.db, connectionId);
    if (isNew && estate !== null && findFunction(estate, spec) !== undefined)
      return refuseFields({ name: ['functionName.exists'] });
    const id = randomUUID();
    return exclusively(database.pool, async (decision) => {
      const asked = {
        actor,
        operation: 'function.deploy',
        connectionId,
        id: spec,
        change: null,
        estate,
        actions: deployActions,
        deletes: false,
      } as const;
      const allowed = await checkFunctionWrite(decision, asked);
      if (!allowed.ok) return allowed;
      await decision.db
        .insert(deployments)
        .values({ id, connectionId, spec, state: 'running', actor: actor.name });
      await engine.enqueueDeploy({ deploymentId: id }, decision.transaction);
      return ok({ deploymentId: id });
    });
  },
);
