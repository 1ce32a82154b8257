import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';

/**
 * Returns the displayable error for a failed sync or deployment. Internal errors may contain anything, so they are only
 * logged; the message contains only the failed task and the next step.
 * @param chore the task, and a safe way to continue
 */
export function toJobError(
  error: unknown,
  chore: Pick<CloudErrorData, 'action' | 'region' | 'mayHaveHappened'> & { readonly whatToDo: string },
): CloudErrorData {
  if (error instanceof CloudError) return error.data;
  const { action, region, mayHaveHappened, whatToDo } = chore;
  return {
    code: 'Internal',
    message: `Spillway itself failed; its log holds the reason. ${whatToDo}`,
    requestId: null,
    action,
    region,
    mayHaveHappened,
    advice: mayHaveHappened ? 'readBack' : 'giveUp',
  };
}
