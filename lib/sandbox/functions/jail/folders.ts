import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';

/**
 * The folders of one pool of processes: the unpacked code, an empty mount point for the jail, and a file for its system
 * call filter.
 */
export type Folders = {
  readonly base: string;
  readonly code: string;
  readonly root: string;
  readonly filter: string;
};

/** Followed by the id of the process that created it, so that leftovers of a killed one can be identified. */
export const PREFIX = 'spillway-function-';

/**
 * Creates fresh folders below the system's temporary folder, under an unguessable name.
 * @param readers group that may reach paths that it knows, for functions that run as their own user outside the jail;
 * null: only the owner may
 * @param filter the content of the filter file; null = no filter
 * @throws Error (EEXIST) instead of using something that already exists, including a link
 */
export async function createFolders(readers: number | null, filter: Buffer | null = null): Promise<Folders> {
  const base = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(16).toString('hex')}`);
  // Private from its creation, with any umask.
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

/** Removes what `createFolders` created. */
export async function removeFolders(folders: Folders): Promise<void> {
  await rm(folders.base, { recursive: true, force: true });
}

/**
 * Removes the folders of sandboxes that were killed. It removes only folders that this user owns and no other user can
 * change: in a world-writable folder, any user can create something of that name, including a link to elsewhere.
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

/** Returns true if a process with that id exists, of any user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
