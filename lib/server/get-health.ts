import 'server-only';
import { checkReady, type Readiness } from './check-ready';
import { serverContext } from './context';
import { type LauncherReport, launcherReport } from './launcher-report';
import { webProcess } from './web-process';

/** Whether work gets done, and if not, why. Answers within seconds, whatever the database does. */
export async function getHealth(): Promise<Readiness & Launched> {
  const readiness = await checkReady(
    async () => (await serverContext()).database.db,
    (err) => webProcess().log.warn({ err }, 'not ready: the database could not be asked'),
  );
  return { ...readiness, ...launched() };
}

/** What this machine's launcher says of its own parts. A part that is down leaves `ready` as it is: work gets done by others. */
type Launched = {
  readonly parts: LauncherReport['parts'];
  readonly disks: LauncherReport['disks'];
  readonly logLinesLost: number;
};

function launched(): Launched {
  const { parts, disks, logLinesLost } = launcherReport() ?? { parts: [], disks: [], logLinesLost: 0 };
  return { parts, disks, logLinesLost };
}
