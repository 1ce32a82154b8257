import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/**
 * The first user id for function code: above every account that a system creates itself, below `nobody` (65534) and
 * inside the 65,536 ids that a container may have.
 * https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes
 */
const FIRST_UID = 64_100;
const BANDS = 50;
/** The number of user ids in a claim, which is also the most concurrent function processes. */
export const USERS = 16;

export type UserClaim = { readonly firstUid: number; release(): void };

/**
 * Claims 16 user ids that no other sandbox of this machine uses, because each sandbox kills every process under its
 * ids. The claim is a name in Linux's abstract namespace of sockets
 * (https://man7.org/linux/man-pages/man7/unix.7.html): only one process can have it, and the kernel frees it when that
 * process ends. If that doesn't work, or all are taken, ids are picked at random.
 */
export async function claimUsers(): Promise<UserClaim> {
  const start = process.pid % BANDS;
  for (let tries = 0; tries < BANDS && process.platform === 'linux'; tries += 1) {
    const band = (start + tries) % BANDS;
    const release = await claim(`\0spillway-function-users-${band}`);
    if (release !== null) return { firstUid: FIRST_UID + band * USERS, release };
  }
  return { firstUid: FIRST_UID + start * USERS, release: () => {} };
}

async function claim(name: string): Promise<(() => void) | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    await once(server.listen(name), 'listening');
  } catch {
    return null;
  }
  server.unref();
  return () => server.close();
}

/**
 * Kills every process of a user (Linux). A function without its own namespace can leave its process group, but not
 * change its user. Does nothing without /proc.
 */
export async function killUserProcesses(uid: number): Promise<void> {
  const names = await readdir('/proc').catch(() => []);
  for (const name of names.filter((entry) => /^\d+$/.test(entry))) {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    if (Number(/^Uid:\s*(\d+)/m.exec(status)?.[1]) !== uid) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch (error) {
      // ESRCH: it has just ended on its own.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
