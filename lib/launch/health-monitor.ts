import { stat } from 'node:fs/promises';
import type { LauncherReport } from '@/lib/server/operations/launcher-report';
import { type DiskSpace, describeDiskSpace, readDiskSpace } from './disk-space';
import type { LauncherLog } from './processes/launcher-log';
import type { ServiceStatus, SupervisedService } from './processes/supervise';

const EVERY_MS = 10_000;

type HealthMonitorDeps = {
  /** Those that run now; more may be added. */
  readonly services: readonly SupervisedService<unknown>[];
  readonly log: Pick<LauncherLog, 'say' | 'lost'>;
  /** The folders whose disks are watched. */
  readonly folders: readonly string[];
  readonly isDashboardDamaged: () => boolean;
  /** The interval between checks, in ms; 10 s by default. */
  readonly everyMs?: number;
};

/**
 * Monitors what no process reports on its own: free disk space, the state of the parts, the log, and the dashboard's
 * build. Reports changes to the terminal and everything to the dashboard, for health, and restarts a dashboard whose
 * build was damaged or deleted while it ran.
 * @returns `changed`, to be called when the status of a part has changed, and a function that ends the monitoring
 */
export function startHealthMonitor({
  services,
  log,
  folders,
  isDashboardDamaged,
  everyMs = EVERY_MS,
}: HealthMonitorDeps): { changed(): void; stop(): void } {
  const disks = new Map<string, DiskSpace>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const readDisks = async () => {
    const devices = new Set<number>();
    for (const folder of folders) {
      const { dev } = await stat(folder);
      // Folders on the same disk are reported once.
      if (devices.has(dev)) continue;
      devices.add(dev);
      const space = await readDiskSpace(folder);
      const before = disks.get(folder)?.state ?? 'ok';
      disks.set(folder, space);
      if (space.state !== before) log.say(describeDiskSpace(space));
    }
  };
  const tellDashboard = () => {
    const told: LauncherReport = {
      type: 'launcher',
      parts: services.map(({ name, status }) => partReport(name, status())),
      disks: [...disks.values()],
      logLinesLost: log.lost(),
    };
    for (const { name, send } of services) if (name === 'web') send(told);
  };
  const seeToDashboard = () => {
    const web = services.find(({ name }) => name === 'web');
    if (web?.status().kind !== 'up' || !isDashboardDamaged()) return;
    web.restart('files of the dashboard’s build are gone or damaged; it is built again');
  };
  const round = async () => {
    await readDisks().catch((error: unknown) =>
      log.say(`The room on the disk is not known: ${String(error)}`),
    );
    seeToDashboard();
    tellDashboard();
  };
  const next = () => {
    if (!isOver) timer = setTimeout(() => void round().finally(next), everyMs).unref();
  };
  void round().finally(next);
  return {
    changed: tellDashboard,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

function partReport(name: string, status: ServiceStatus): LauncherReport['parts'][number] {
  return {
    name,
    state: status.kind,
    since: new Date(status.since).toISOString(),
    reason: status.kind === 'failing' ? status.reason : null,
  };
}
