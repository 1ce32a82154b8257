import 'server-only';
import { z } from 'zod';
import type { EmergencyStopStatusView } from '@/lib/client/views';
import { serverContext } from '@/lib/server/context';
import { readEmergencyStop, readStopLog } from '@/lib/server/journal/read-emergency-stop';
import { shareRead } from '@/lib/server/share-read';
import { query } from '@/lib/server/verb';

const readStatus = shareRead(async (): Promise<EmergencyStopStatusView> => {
  const { database } = await serverContext();
  const [stop, log] = await Promise.all([readEmergencyStop(database.db), readStopLog(database.db)]);
  return { stop, log };
});

/** Returns who has paused all changes, since when and why, and earlier pauses. */
export const getEmergencyStop = query('emergencyStop.get', z.void(), 'all', readStatus);
