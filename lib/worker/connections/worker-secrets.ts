import type { CloudConnection } from '@/lib/cloud/connection';
import { CloudError } from '@/lib/cloud/errors';
import { type CloudKeys, fixedKeys } from '@/lib/cloud/keys';
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

const notSent = { action: 'Connect', region: null, requestId: null, mayHaveHappened: false } as const;

/**
 * Returns the error for an account without keys: it was removed in Settings, from the worker's environment, or from the
 * sandbox when its data was replaced. Nothing is sent.
 */
export function noKeys(connectionId: string): CloudError {
  return new CloudError({
    code: 'Refused.NoKeys',
    message: `This worker has no keys of ${connectionId}: add the connection in Settings, or put its keys into the worker's environment and start it again.`,
    advice: 'giveUp',
    ...notSent,
  });
}

/**
 * Returns the keys of a connection which were changed, and which the cloud has not confirmed since. Each call fails before
 * anything is sent, with a transient error: the cloud may answer again, or a person may enter other keys.
 */
export function unconfirmedKeys(connection: CloudConnection): CloudKeys {
  const error = new CloudError({
    code: 'Refused.UnconfirmedKeys',
    message: `The cloud has not yet confirmed the new keys of ${connection.name}: Settings shows why. Calls are repeated until it does, or until someone enters other keys.`,
    advice: 'retry',
    ...notSent,
  });
  return { ...fixedKeys(connection), get: () => Promise.reject(error) };
}
