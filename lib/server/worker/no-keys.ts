import { CloudError } from '@/lib/cloud/errors';

/**
 * What is asked of an account that this worker has no keys of: one that was taken out of its environment, or that the sandbox
 * has no more since it was given another world. Nothing is sent.
 */
export function noKeys(connectionId: string): CloudError {
  return new CloudError({
    ...{ code: 'Refused.NoKeys', action: 'Connect', region: null, requestId: null },
    message: `This worker has no keys of ${connectionId}: put them into its environment and start it again, or leave the connection alone.`,
    ...{ mayHaveHappened: false, advice: 'giveUp' },
  });
}
