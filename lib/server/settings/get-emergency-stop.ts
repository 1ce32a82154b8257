import 'server-only';
import type { EmergencyStopStatusView } from '@/lib/client/views';
import { serverContext } from '@/lib/server/context';
import { readEmergencyStop, readStopLog } from '@/lib/server/journal/read-emergency-stop';
import { shareRead } from '@/lib/server/share-read';

/** Returns who has paused all changes, since when and why, and who did so before. */
export const getEmergencyStop = shareRead(async (): Promise<EmergencyStopStatusView> => {
  const { database } = await serverContext();
  const [stop, log] = await Promise.all([readEmergencyStop(database.db), readStopLog(database.db)]);
  return { stop, log };
});
