import { CloudError } from '@/lib/cloud/errors';

/**
 * Returns the error for an account that this worker has no keys for: one that was removed from its environment, or that
 * the sandbox no longer has since its data was replaced. Nothing is sent.
 */
export function noKeys(connectionId: string): CloudError {
  return new CloudError({
    code: 'Refused.NoKeys',
    action: 'Connect',
    region: null,
    requestId: null,
    message: `This worker has no keys of ${connectionId}: put them into its environment and start it again, or leave the connection alone.`,
    mayHaveHappened: false,
    advice: 'giveUp',
  });
}
