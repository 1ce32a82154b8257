import 'server-only';
import { z } from 'zod';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { webProcess } from '@/lib/store/web-process';
import { checkReady, type Readiness } from './check-ready';
import { type LauncherReport, launcherReport } from './launcher-report';

/** Returns whether work is processed, and if not, why. Responds within seconds, even if the database hangs. */
export const getHealth = query('health.get', z.void(), 'all', async (): Promise<Readiness & Launched> => {
  const readiness = await checkReady(
    async () => (await serverContext()).database.db,
    (err) => webProcess().log.warn({ err }, 'not ready: the database could not be asked'),
  );
  return { ...readiness, ...launched() };
});

/**
 * The launcher's report about the parts on this machine. A part that is down does not affect `ready`: other machines
 * may run it.
 */
type Launched = {
  readonly parts: LauncherReport['parts'];
  readonly disks: LauncherReport['disks'];
  readonly logLinesLost: number;
};

function launched(): Launched {
  const { parts, disks, logLinesLost } = launcherReport() ?? { parts: [], disks: [], logLinesLost: 0 };
  return { parts, disks, logLinesLost };
}
