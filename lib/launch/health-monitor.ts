import { stat, statfs } from 'node:fs/promises';
import type { LauncherReport } from '@/lib/server/operations/launcher-report';
import type { LauncherLog } from './processes/launcher-log';
import type { ServiceStatus, SupervisedService } from './processes/supervise';

const EVERY_MS = 10_000;

type HealthMonitorDeps = {
  /** The current ones; more may be added. */
  readonly services: readonly SupervisedService<unknown>[];
  readonly log: Pick<LauncherLog, 'say' | 'lost'>;
  /** The folders whose disks are monitored. */
  readonly folders: readonly string[];
  readonly isDashboardDamaged: () => boolean;
  /** The interval between checks, in ms; 10 s by default. */
  readonly everyMs?: number;
};

/**
 * Monitors free disk space, the status of the parts, the log, and the dashboard's build. Prints changes to the
 * terminal, sends everything to the dashboard for its health page, and restarts a dashboard whose build was damaged or
 * deleted.
 * @returns `changed`, to be called when the status of a part has changed, and a function that stops monitoring
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
    web.restart('files of the dashboard’s build are missing or damaged; rebuilding it');
  };
  const round = async () => {
    await readDisks().catch((error: unknown) => log.say(`The free disk space is unknown: ${String(error)}`));
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

/** The free space on the file system of a folder. */
type DiskSpace = {
  readonly folder: string;
  readonly freeBytes: number;
  readonly sizeBytes: number;
  /** `low`: space should be freed soon. `full`: the database stops or has stopped. */
  readonly state: 'ok' | 'low' | 'full';
};

const MB = 1024 ** 2;

/**
 * Classifies the free space. `low` is below 1 GB, the size that the database's write-ahead log may grow to between two
 * checkpoints (https://www.postgresql.org/docs/17/runtime-config-wal.html#GUC-MAX-WAL-SIZE), or a tenth of a smaller
 * disk; `full` is below 32 MB, two segments of that log, or a hundredth.
 */
export function judgeDiskSpace(freeBytes: number, sizeBytes: number): DiskSpace['state'] {
  if (freeBytes < Math.min(32 * MB, sizeBytes / 100)) return 'full';
  return freeBytes < Math.min(1024 * MB, sizeBytes / 10) ? 'low' : 'ok';
}

/** Returns the free space of a folder's file system for programs that do not run as root. */
export async function readDiskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const [freeBytes, sizeBytes] = [bavail * bsize, blocks * bsize];
  return { folder, freeBytes, sizeBytes, state: judgeDiskSpace(freeBytes, sizeBytes) };
}

/** Returns a message to the operator about a disk whose state has changed. */
export function describeDiskSpace({ folder, freeBytes, sizeBytes, state }: DiskSpace): string {
  const left = `The disk of ${folder} has ${inMb(freeBytes)} of ${inMb(sizeBytes)} left`;
  switch (state) {
    case 'ok':
      return `${left}: enough again.`;
    case 'low':
      return `${left}. Free some space before it is full: the database stops then, and runs wait for it.`;
    case 'full':
      return `${left}. Free some space: the database can't write, and runs wait for it.`;
  }
}

function inMb(bytes: number): string {
  return `${Math.floor(bytes / MB).toLocaleString('en')} MB`;
}
