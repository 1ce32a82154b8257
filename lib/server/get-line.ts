import 'server-only';
import type { EmergencyStopStatusView } from '@/lib/client/views';
import { serverContext } from './context';
import { readEmergencyStop, readStopLog } from './line-stop';
import { shareRead } from './share-read';

/** Returns who has paused all changes, since when and why, and who did so before. */
export const getEmergencyStop = shareRead(async (): Promise<EmergencyStopStatusView> => {
  const { database } = await serverContext();
  const [stop, log] = await Promise.all([readEmergencyStop(database.db), readStopLog(database.db)]);
  return { stop, log };
});
