'use server';

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { StartTestInvocationAction } from '@/lib/contract/function';
import { testInvocations } from '@/lib/db/schema';
import { FunctionChoice } from '@/lib/diversion/route';
import { clbEvent } from '@/lib/function-contract/clb-event';
import { testInvocationRequest } from '@/lib/preflight/function/test-invocation-request';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { refuse } from '@/lib/store/refusal';
import { getFunctionScope } from './store-function-change';

/** The maximum length of a body in characters: enough for a form, and far below a load balancer's limit. */
const bodyMax = 100_000;

const TestInvocationInput = z.object({
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
  request: z
    .discriminatedUnion('method', [
      z.object({ method: z.literal('GET') }),
      z.object({
        method: z.literal('POST'),
        contentType: z.enum(['application/json', 'text/plain']),
        text: z.string().max(bodyMax, 'body.tooLong'),
      }),
    ])
    .default({ method: 'GET' }),
});

/**
 * Requests a test invocation from the worker: one call of a function, with the event that its route's load balancer
 * would pass for a GET, or a POST with a body.
 */
export const startTestInvocation = verb(
  'function.test',
  TestInvocationInput,
  ({ connectionId, function: choice }) => getFunctionScope({ connectionId, ...choice }),
  async (
    { connectionId, function: choice, place, request },
    actor,
  ): ReturnType<StartTestInvocationAction> => {
    const connection = await findConnection(connectionId);
    if (connection === null) return refuse('connection.gone', { id: connectionId });
    const { database, engine } = await serverContext();
    const estate = await newestEstate(database.db, connectionId);
    if (estate === null) return refuse('estate.never', { connection: connection.name });
    const id = randomUUID();
    const { method } = request;
    const event = clbEvent({
      ...testInvocationRequest(estate, place, new Date()),
      method,
      ...(request.method === 'POST' ? { body: request } : {}),
    });
    await database.db
      .insert(testInvocations)
      .values({ id, connectionId, ...choice, method, event, state: 'running', actor: actor.name });
    await engine.enqueueTestInvocation({ testInvocationId: id });
    return ok({ testInvocationId: id });
  },
);
