import { CloudError, type CloudErrorData, taskFailedCode } from '@/lib/cloud/errors';
import type { WriteReceipt } from '@/lib/cloud/port';
import type { Reader } from '@/lib/cloud/tencent/call/caller';
import { TaskPace } from '@/lib/cloud/tencent/call/task-pace';
import { spread } from '@/lib/timing/backoff';
import { readTask } from './api';

/**
 * The longest time that a task may take, the same as in Tencent's own toolkit.
 * https://github.com/serverless-tencent/tencent-component-toolkit
 */
export const taskBoundMs = 120_000;

/**
 * The pause between two polls, as a share of the task's elapsed time, so that its end is noticed late by about that
 * share, however long it takes.
 */
const pauseShare = 0.025;
const pauses = { leastMs: 100, mostMs: 1000 };

export type Waiting = {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
};

/**
 * Waits until the task of a write has ended.
 * @param pace the durations of earlier tasks; shared by all callers that share the poll limit
 * @throws CloudError `Task.Failed` with the task's own message, `Task.Timeout` at the time limit, or the error that
 * prevented polling. In each case the write was accepted before: the outcome has to be read back.
 */
export async function waitForTask(
  reader: Reader,
  receipt: WriteReceipt & { readonly taskId: string },
  waiting: Waiting,
  pace: TaskPace = new TaskPace(),
): Promise<void> {
  const fail = (data: Pick<CloudErrorData, 'code' | 'message' | 'requestId'>, cause?: unknown) =>
    new CloudError(
      {
        ...data,
        // The write is what failed; that we learned it by polling its task is irrelevant to the user.
        action: receipt.action,
        region: receipt.region,
        mayHaveHappened: true,
        advice: 'readBack',
      },
      { cause },
    );
  const startedAt = waiting.now().getTime();
  const deadline = startedAt + taskBoundMs;
  await waiting.sleep(pace.firstPollMs());
  for (;;) {
    const task = await readTask(reader, receipt.region, receipt.taskId, startedAt).catch((cause: unknown) => {
      throw cause instanceof CloudError ? fail(cause.data, cause) : cause;
    });
    if (task.state === 'done') {
      pace.ended(waiting.now().getTime() - startedAt);
      return;
    }
    if (task.state === 'failed') {
      const message = task.message === '' ? 'the task failed; the cloud gives no reason' : task.message;
      throw fail({ code: taskFailedCode, message, requestId: receipt.requestId });
    }
    const now = waiting.now().getTime();
    if (now >= deadline) {
      const message = `the task still runs after ${taskBoundMs / 1000} s`;
      throw fail({ code: 'Task.Timeout', message, requestId: receipt.requestId });
    }
    const pauseMs = Math.min(pauses.mostMs, Math.max(pauses.leastMs, (now - startedAt) * pauseShare));
    await waiting.sleep(spread(pauseMs, waiting.random));
  }
}
