import 'server-only';
import { z } from 'zod';
import type { EmergencyStopStatusView } from '@/lib/contract/schedule';
import { unchangedRead } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readEmergencyStop, readStopLog } from '@/lib/store/runs/read-emergency-stop';

const readStatus = unchangedRead(async (): Promise<EmergencyStopStatusView> => {
  const { database } = await serverContext();
  const [stop, log] = await Promise.all([readEmergencyStop(database.db), readStopLog(database.db)]);
  return { stop, log };
});

/** Returns who has paused all changes, since when and why, and earlier pauses. */
export const getEmergencyStop = query('emergencyStop.get', z.void(), 'all', readStatus);
