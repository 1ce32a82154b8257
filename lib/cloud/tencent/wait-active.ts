import { pollPauseMs } from '@/lib/timing/backoff';
import { CloudError } from '../errors';
import type { Reader } from './call/caller';
import type { Waiting } from './clb/wait-for-task';
import { deployFailure } from './deploy-failure';
import { type FunctionKey, readFunctionDetail } from './scf/api';
import type { FunctionDetail } from './scf/convert';

/** The longest time that a function may take to become Active. */
const activeBoundMs = 120_000;

const pauses = { firstMs: 100, capMs: 1000 };

/** States that a function does not leave on its own. https://cloud.tencent.com/document/product/583/115197 */
const endStates: readonly string[] = ['CreateFailed', 'UpdateFailed', 'PublishFailed', 'DeleteFailed'];

async function look(
  reader: Reader,
  spec: FunctionKey,
  version: string,
): Promise<FunctionDetail | null | 'unseen'> {
  try {
    return await readFunctionDetail(reader, spec, version);
  } catch (cause) {
    if (cause instanceof CloudError && cause.data.advice === 'retry') return 'unseen';
    throw cause;
  }
}

/**
 * Waits until the function, or a version of it, is Active. A read with a transient failure counts as a poll without a
 * result.
 * @throws CloudError `Function.CreateFailed` and the like with the cloud's reason, or `Function.Timeout`.
 */
export async function waitActive(
  reader: Reader,
  spec: FunctionKey,
  version: string,
  waiting: Waiting,
): Promise<void> {
  const deadline = waiting.now().getTime() + activeBoundMs;
  for (let polls = 1; ; polls += 1) {
    const detail = await look(reader, spec, version);
    const status = detail === 'unseen' ? 'not to be seen' : (detail?.fn.status ?? 'not there yet');
    if (status === 'Active') return;
    if (endStates.includes(status)) {
      throw deployFailure(spec, {
        code: `Function.${status}`,
        action: 'GetFunction',
        message:
          (detail !== 'unseen' && detail?.reason) ||
          `${spec.name} ended in ${status}; the cloud gives no reason`,
      });
    }
    if (waiting.now().getTime() >= deadline) {
      throw deployFailure(spec, {
        code: 'Function.Timeout',
        action: 'GetFunction',
        message: `${spec.name} ${version} is ${status} after ${activeBoundMs / 1000} s`,
      });
    }
    await waiting.sleep(pollPauseMs(polls, pauses, waiting.random));
  }
}
