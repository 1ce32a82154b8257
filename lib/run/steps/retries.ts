import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';
import { isTransient } from '@/lib/cloud/transient';
import type { Step, StepId } from '@/lib/plan/model/model';
import { findDoubt, findForwardDoubt } from '@/lib/run/model/history';
import { retryPauseMs, retryRoundMs } from '@/lib/run/model/retry';
import { listenNow } from './listen';
import {
  pause,
  type RetriedCall,
  type RunCloud,
  type StepContext,
  type StepResult,
  t1Ahead,
} from './step-context';

/** A round is over and the cause persists. */
export type Retry = { readonly kind: 'retry' };

/** Pauses after the n-th failure in a row, until the end of the round at most. */
export async function pauseToRetry(
  failures: number,
  error: CloudErrorData,
  end: number,
  context: StepContext,
): Promise<void> {
  const leftMs = Math.max(0, end - context.clock.now().getTime());
  await pause(context, Math.min(leftMs, retryPauseMs(failures, error, context.random)));
}

/** One round of a step that retries. */
export type Round = {
  /** The step that is shown as retrying. */
  readonly step: Step;
  /** From 1. */
  readonly count: number;
  /** When it ends, in epoch ms: an apply's ends at T1 at the latest. */
  readonly endMs: number;
};

function beginRound(step: Step, count: number, context: StepContext): Round {
  const endMs = context.clock.now().getTime() + retryRoundMs;
  return { step, count, endMs: Math.min(endMs, t1Ahead(context)?.getTime() ?? endMs) };
}

/**
 * Returns the run's cloud with reads and waits that retry until the end of the round; the step itself retries writes.
 */
export function retriedCloud({ step, endMs }: Round, context: StepContext): RunCloud {
  const { cloud, retries, clock } = context;
  const retrying = async <T>(what: RetriedCall, call: () => Promise<T>): Promise<T> => {
    for (let failures = 1; ; failures += 1) {
      try {
        const answer = await call();
        await retries.answered(step, what, context);
        return answer;
      } catch (cause) {
        // The step itself handles a task that is still running.
        const isPassing =
          cause instanceof CloudError && isTransient(cause.data) && cause.data.code !== 'Task.Timeout';
        if (!isPassing) throw cause;
        await retries.failed(step, what, { kind: 'cloudError', error: cause.data }, context);
        if (clock.now().getTime() >= endMs) throw cause;
        await pauseToRetry(failures, cause.data, endMs, context);
      }
    }
  };
  return {
    ...cloud,
    read: (ref) => retrying('read', () => cloud.read(ref)),
    wait: (receipt) => retrying('task', () => cloud.wait(receipt)),
  };
}

/**
 * Runs one round of a step. If the cloud stays unavailable, the round ends, and either another round follows or the run
 * stops, with whether a call may be in effect.
 */
async function runRound(
  step: Step,
  context: StepContext,
  run: () => Promise<StepResult>,
): Promise<StepResult | Retry> {
  try {
    const result = await run();
    context.retries.ended(step.id);
    return result;
  } catch (cause) {
    if (!(cause instanceof CloudError)) throw cause;
    if (isTransient(cause.data) && context.retries.mayGoOn(step, context)) return { kind: 'retry' };
    context.retries.ended(step.id);
    const events = await context.journal.read();
    const doubt =
      step.kind !== 'write'
        ? null
        : (findDoubt(step, events, context.direction) ?? findForwardDoubt(step, context.plan, events));
    return { kind: 'stop', reason: { kind: 'cloudError', error: cause.data, settled: doubt === null } };
  }
}

export type Ended = { readonly step: Step; readonly result: StepResult };

/**
 * Runs a recorded piece of each of these steps in parallel, in as many rounds as it takes; a completed step waits for
 * the others. Between two rounds the run receives commands.
 * @param nameOf the name under which a step's first round is recorded
 */
export async function inRounds<S extends Step>(
  steps: readonly S[],
  context: StepContext,
  nameOf: (step: S) => string,
  run: (step: S, round: Round) => Promise<StepResult>,
): Promise<readonly Ended[]> {
  const ended = new Map<StepId, StepResult>();
  for (let count = 1; ended.size < steps.length; count += 1) {
    const open = steps.filter((step) => !ended.has(step.id));
    const suffix = count === 1 ? '' : `.round${count}`;
    // No step is abandoned when another one fails, and all start at once: the engine counts starts.
    const results = await Promise.allSettled(
      open.map((step) =>
        context.once(`${nameOf(step)}${suffix}`, () =>
          runRound(step, context, () => run(step, beginRound(step, count, context))),
        ),
      ),
    );
    for (const [index, each] of results.entries()) {
      const step = open[index];
      if (each.status === 'rejected') throw each.reason;
      if (step !== undefined && each.value.kind !== 'retry') ended.set(step.id, each.value);
    }
    const waiting = open.filter((step) => !ended.has(step.id));
    if (waiting.length === 0) break;
    const received = await listenNow(context, 'retrying');
    if (received.kind === 'done') continue;
    for (const step of waiting) ended.set(step.id, received);
  }
  return steps.map((step) => ({ step, result: ended.get(step.id) ?? { kind: 'done' } }));
}
