import { listSecrets } from '@/lib/log/list-secrets';
import type { Settings } from '@/lib/settings';
import type { WorkerConnection } from './connections';

/** Returns every value that this worker knows and that no log may show. */
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
