import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Folders of one pool of processes: the unpacked code, and an empty one to mount the jail at; and a file for its filter of system calls. */
export type Folders = {
  readonly base: string;
  readonly code: string;
  readonly root: string;
  readonly filter: string;
};

/** Followed by the id of the process that made it, so that leftovers of a killed one are known. */
export const PREFIX = 'spillway-function-';

/**
 * Creates fresh folders below the system's folder for temporary files, under a name that nobody can guess.
 * @param readers group that may reach what it knows the path of, for functions that run as a user of their own outside
 * of the jail; null: the folders are their owner's alone
 * @param filter what the file for the filter holds; null: there is none
 * @throws Error (EEXIST) instead of using something that stands there, a link among it
 */
export async function createFolders(readers: number | null, filter: Buffer | null = null): Promise<Folders> {
  const base = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(16).toString('hex')}`);
  // Private from its first moment on, whatever the umask.
  await mkdir(base, { mode: 0o700 });
  const folders = {
    base,
    code: join(base, 'code'),
    root: join(base, 'root'),
    filter: join(base, 'filter'),
  };
  for (const folder of [folders.code, folders.root]) {
    await mkdir(folder);
    await chmod(folder, 0o755);
  }
  if (filter !== null) {
    await writeFile(folders.filter, filter);
    await chmod(folders.filter, 0o644);
  }
  if (readers !== null) {
    await chown(base, -1, readers);
    await chmod(base, 0o710);
  }
  return folders;
}

/** Removes what `createFolders` made. */
export async function removeFolders(folders: Folders): Promise<void> {
  await rm(folders.base, { recursive: true, force: true });
}

/**
 * Removes the folders of sandboxes that were killed. Only what this user owns and nobody else may change is removed: in a
 * folder that all may write to, anybody can make something of that name, a link to elsewhere among it.
 */
export async function removeStaleFolders(log: Logger): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    if (!Number.isInteger(pid) || isRunning(pid)) continue;
    const path = join(tmpdir(), name);
    try {
      if (await isOurs(path)) await rm(path, { recursive: true, force: true });
    } catch (error) {
      log.debug({ err: error, folder: name }, 'a leftover folder of function code was not removed');
    }
  }
}

async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o022) === 0;
}

/** Returns whether a process of that id is there, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
