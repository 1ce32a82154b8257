import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asServer, canEnter, type PostgresOwner } from '@/lib/launch/processes/postgres-owner';

/** The folders of the database. */
export type PostgresFolders = {
  /** Contains all the others; its owner may enter it. */
  readonly home: string;
  /** The cluster; exists once it has been created. */
  readonly data: string;
  /** The folder of the Unix socket; accessible only to its owner and root. */
  readonly socket: string;
};

/**
 * A socket's path may take 108 bytes on Linux and 104 on macOS, including the final zero
 * (https://man7.org/linux/man-pages/man7/unix.7.html).
 */
const LONGEST_SOCKET_PATH = 103;
/**
 * Postgres names a socket by its port, which has no other meaning:
 * https://www.postgresql.org/docs/17/runtime-config-connection.html
 */
const SOCKET_NAME = '.s.PGSQL.5432';

/**
 * Chooses and creates the folders: in the data directory, or, if the owner can't access that (such as root's home
 * directory), below /var/lib/spillway, which the data directory then links to.
 * @param dataDir absolute path, exists
 */
export function postgresFolders(dataDir: string, owner: PostgresOwner): PostgresFolders {
  const home = homeFor(dataDir, owner);
  return { home, data: join(home, 'postgres'), socket: socketFolder(home, owner) };
}

function homeFor(dataDir: string, owner: PostgresOwner): string {
  const pointer = join(dataDir, 'postgres-home');
  if (!existsSync(pointer)) {
    // Other users may traverse the folder but not list it; everything inside has its own, stricter mode.
    if (owner.kind === 'dedicated') chmodSync(dataDir, 0o711);
    if (canEnter(owner, dataDir)) return dataDir;
    writeFileSync(pointer, `/var/lib/spillway/${randomUUID()}\n`);
  }
  const home = readFileSync(pointer, 'utf8').trim();
  mkdirSync(home, { recursive: true, mode: 0o711 });
  if (canEnter(owner, home)) return home;
  throw new Error(
    `The database can't run as root, and its own user can enter neither ${dataDir} nor ${home}. Set SPILLWAY_DATA_DIR to a folder that is open to all users, or DATABASE_URL.`,
  );
}

function socketFolder(home: string, owner: PostgresOwner): string {
  const near = join(home, 'postgres-socket');
  if (fits(near)) return ownFolder(near, owner);
  const name = `spillway-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
  const far = [tmpdir(), '/tmp'].map((parent) => join(parent, name)).find(fits);
  if (far === undefined) {
    throw new Error(
      `No folder for the database's socket: ${near} is too long a path. Set a shorter SPILLWAY_DATA_DIR.`,
    );
  }
  return ownFolder(far, owner);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, SOCKET_NAME)) <= LONGEST_SOCKET_PATH;
}

/**
 * Creates a folder that only its owner can access. In a shared location another user may have created it: then this
 * throws.
 */
function ownFolder(folder: string, owner: PostgresOwner): string {
  const { uid = process.getuid?.() ?? 0, gid } = asServer(owner);
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    if (gid !== undefined) chownSync(folder, uid, gid);
  }
  const entry = lstatSync(folder);
  if (!entry.isDirectory() || entry.uid !== uid) {
    throw new Error(`${folder} belongs to someone else: remove it, then start again.`);
  }
  chmodSync(folder, 0o700);
  return folder;
}
