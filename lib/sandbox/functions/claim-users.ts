import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * User ids for function code: above every account that a system makes by itself, below `nobody` (65534) and inside the
 * 65,536 ids that a container may have. https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes
 */
const FIRST_UID = 64_100;
const BANDS = 50;
/** How many user ids a claim has, and so how many processes of functions there can be at once. */
export const USERS = 16;

export type UserClaim = { readonly firstUid: number; release(): void };

/**
 * Takes 16 user ids that no other sandbox of this machine uses, because each ends whatever runs as one of its own.
 * The claim is a name in Linux's abstract namespace of sockets (https://man7.org/linux/man-pages/man7/unix.7.html): one
 * process can have it, and whatever way that one ends it is free again. Where that doesn't work, or all are taken, chance
 * has to do.
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
