import 'server-only';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { TryFunctionAction } from '@/lib/client/actions';
import { functionTrials } from '@/lib/db/schema';
import { FunctionChoice } from '@/lib/diversion/route';
import { clbEvent } from '@/lib/function-contract/clb-event';
import { trialRequest } from '@/lib/preflight/function/trial-request';
import { ok } from '@/lib/result';
import { currentActor } from '@/lib/server/actor';
import { findConnection } from '@/lib/server/connections/list-connections';
import { serverContext } from '@/lib/server/context';
import { latestEstate } from '@/lib/server/estate/get-estate';
import { parseInput } from '@/lib/server/parse-input';
import { refuse } from '@/lib/server/refusal';

const TryInput = z.object({
  connectionId: z.string().min(1),
  function: FunctionChoice,
  place: z.object({
    domain: z.string().max(80),
    loadBalancerId: z.string().max(200),
    listenerId: z.string().max(200),
    rule: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('new'), url: z.string().max(200) }),
      z.object({ kind: z.enum(['existing', 'swap']), ruleId: z.string().max(200) }),
    ]),
  }),
});

/**
 * Requests a test invocation from the worker: one call of a function, with the event of the GET that its route's load
 * balancer would pass to it.
 */
export const tryFunction = async (input: unknown): ReturnType<TryFunctionAction> => {
  const parsed = parseInput(TryInput, input);
  if (!parsed.ok) return parsed;
  const { connectionId, function: choice, place } = parsed.value;
  const connection = await findConnection(connectionId);
  if (connection === null) return refuse('connection.gone', { id: connectionId });
  const estate = await latestEstate(connectionId);
  if (estate === null) return refuse('estate.never', { connection: connection.name });
  const { database, engine } = await serverContext();
  const id = randomUUID();
  const event = clbEvent(trialRequest(estate, place, new Date()));
  await database.db
    .insert(functionTrials)
    .values({ id, connectionId, ...choice, event, state: 'running', actor: currentActor() });
  await engine.enqueueTrial({ trialId: id });
  return ok({ trialId: id });
};
