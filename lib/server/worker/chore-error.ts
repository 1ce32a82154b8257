import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';

/**
 * What is shown of whatever ended a sync or a deployment. Our own errors may hold anything, so they go to the log
 * alone; people are told that it happened and what to do.
 * @param chore what was being done, and what to do about it that is safe.
 */
export function choreErrorOf(
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
