import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Folders of one pool of processes: the unpacked code, and an empty one to mount the jail at. */
export type Folders = { readonly base: string; readonly code: string; readonly root: string };

/** Followed by the id of the process that made it, so that leftovers of a killed one are known. */
const PREFIX = 'spillway-function-';

/** Fresh folders, which function users may read and not list or change from above. */
export async function createFolders(): Promise<Folders> {
  const base = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  await chmod(base, 0o711);
  const folders = { base, code: join(base, 'code'), root: join(base, 'root') };
  for (const folder of [folders.code, folders.root]) {
    await mkdir(folder);
    await chmod(folder, 0o755);
  }
  return folders;
}

/** Removes what `createFolders` made. */
export async function removeFolders(folders: Folders): Promise<void> {
  await rm(folders.base, { recursive: true, force: true });
}

/** Removes the folders of sandboxes that were killed. Another user's stay: they are his to remove. */
export async function removeStaleFolders(log: Logger): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    if (!Number.isInteger(pid) || isRunning(pid)) continue;
    try {
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    } catch (error) {
      log.debug({ err: error, folder: name }, 'a leftover folder of function code was not removed');
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
