import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';

/**
 * Returns the displayable error of whatever ended a sync or a deployment. Our own errors may contain anything, so they
 * go to the log alone; people are told that it happened and what to do.
 * @param chore the task, and a safe way to continue.
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
