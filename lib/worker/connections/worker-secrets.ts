import { CloudError } from '@/lib/cloud/errors';
import { listSecrets } from '@/lib/log/list-secrets';
import type { Settings } from '@/lib/settings';
import type { WorkerConnection } from './connections';

/** Returns every value known to this worker that must not be logged. */
export function workerSecrets(
  settings: Settings,
  connections: readonly WorkerConnection[],
): readonly string[] {
  const ofAccounts = connections.flatMap(({ connection }) => {
    const { secretId, secretKey, token, addresses } = connection;
    return [secretId, secretKey, token, addresses?.token].filter((value) => value !== undefined);
  });
  return [...listSecrets(settings), ...ofAccounts];
}

/**
 * Returns the error for an account without keys: it was removed in Settings, from the worker's environment, or from the
 * sandbox when its data was replaced. Nothing is sent.
 */
export function noKeys(connectionId: string): CloudError {
  return new CloudError({
    code: 'Refused.NoKeys',
    action: 'Connect',
    region: null,
    requestId: null,
    message: `This worker has no keys of ${connectionId}: add the connection in Settings, or put its keys into the worker's environment and start it again.`,
    mayHaveHappened: false,
    advice: 'giveUp',
  });
}
