import { statfs } from 'node:fs/promises';

/** The free space on the file system of a folder. */
export type DiskSpace = {
  readonly folder: string;
  readonly freeBytes: number;
  readonly sizeBytes: number;
  /** `low`: free some space soon. `full`: the database stops, or has stopped. */
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

/** Reads the free space that a folder's file system has for programs that do not run as root. */
export async function readDiskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const [freeBytes, sizeBytes] = [bavail * bsize, blocks * bsize];
  return { folder, freeBytes, sizeBytes, state: judgeDiskSpace(freeBytes, sizeBytes) };
}

/** Describes a disk whose state has changed, for an operator. */
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
