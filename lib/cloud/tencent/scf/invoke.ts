import { z } from 'zod';
import { fullJitterMs } from '@/lib/timing/backoff';
import { CloudError } from '../../errors';
import type { FunctionAddress, Invocation } from '../../port';
import type { Caller } from '../call/caller';
import type { Waiting } from '../clb/wait-for-task';

const attempts = 5;
const backoff = { baseMs: 500, capMs: 8000 };

const Answered = z
  .object({
    RequestId: z.string(),
    Result: z.object({
      RetMsg: z.string(),
      ErrMsg: z.string(),
      Duration: z.number(),
      BillDuration: z.number(),
      MemUsage: z.number(),
      FunctionRequestId: z.string(),
    }),
  })
  .transform(
    ({ RequestId, Result }): Invocation => ({
      requestId: Result.FunctionRequestId || RequestId,
      returned: Result.RetMsg,
      error: Result.ErrMsg,
      durationMs: Result.Duration,
      billedMs: Result.BillDuration,
      memoryBytes: Result.MemUsage,
    }),
  );

/**
 * Runs a version of a function, or an alias, once and waits for it, with the action that the cloud recommends for that:
 * https://cloud.tencent.com/document/api/583/58400. The function's output is not requested: it may contain anything.
 * @throws CloudError if it can't be run, or if it is unknown whether it ran (`mayHaveHappened`).
 */
export async function invokeFunction(
  caller: Pick<Caller, 'write'>,
  { region, namespace, name, qualifier }: FunctionAddress,
  event: unknown,
  { sleep, random }: Pick<Waiting, 'sleep' | 'random'>,
): Promise<Invocation> {
  const params = {
    FunctionName: name,
    Namespace: namespace,
    Qualifier: qualifier,
    Event: JSON.stringify(event),
    LogType: 'None',
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await caller.write(
        { service: 'scf', action: 'InvokeFunction', region, params, use: 'invoke' },
        Answered.parse,
      );
    } catch (cause) {
      const hasNotRun = cause instanceof CloudError && cause.data.advice === 'retry';
      if (!hasNotRun || attempt === attempts) throw cause;
      await sleep(fullJitterMs(attempt, backoff, random));
    }
  }
}
