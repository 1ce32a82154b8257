import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { readEmergencyStop } from '@/lib/server/journal/read-emergency-stop';

/**
 * Refuses to send anything while all changes are paused, including work queued before the pause.
 * @throws CloudError `Refused.Paused`
 */
export async function checkNotPaused(
  db: Database,
  { action, region }: Pick<CloudErrorData, 'action' | 'region'>,
): Promise<void> {
  const stop = await reconnecting(() => readEmergencyStop(db));
  if (stop === null) return;
  throw new CloudError({
    code: 'Refused.Paused',
    message: `${stop.actor} has paused all changes: ${stop.reason}; resume changes, then try again`,
    requestId: null,
    action,
    region,
    mayHaveHappened: false,
    advice: 'giveUp',
  });
}
