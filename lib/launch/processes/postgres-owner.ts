import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The operating system's user that the database runs as. Postgres refuses to run as root, so root runs it under a
 * separate id that neither other services nor the functions of the sandbox (ids from 64000 on) share. `initdb` fails
 * for an id without an entry in /etc/passwd (https://www.postgresql.org/docs/17/app-initdb.html), so it runs as
 * `nobody`, and the files change owner before the server starts.
 */
export type PostgresOwner =
  | { readonly kind: 'self' }
  | { readonly kind: 'dedicated'; readonly server: Identity; readonly init: Identity };

export type Identity = { readonly uid: number; readonly gid: number };

/** The database gets none of our variables: neither keys nor a language setting, which would change its log. */
export const postgresEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

const DEDICATED_UID = 63_999;

/** @throws if root finds no user `nobody` to initialize the database with */
export function postgresOwner(): PostgresOwner {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const nobody = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
    ?.split(':');
  if (!nobody) {
    throw new Error(
      'Postgres does not run as root, and there is no user "nobody" to create the database with. Start Spillway as another user, or set DATABASE_URL.',
    );
  }
  return {
    kind: 'dedicated',
    server: { uid: DEDICATED_UID, gid: DEDICATED_UID },
    // The system stores ids below zero (macOS: -2) as unsigned numbers.
    init: { uid: Number(nobody[2]) >>> 0, gid: Number(nobody[3]) >>> 0 },
  };
}

/** Returns the `spawn` options that run a process as this owner. */
export function asServer(owner: PostgresOwner): Partial<Identity> {
  return owner.kind === 'self' ? {} : owner.server;
}

/** Returns the `spawn` options that run `initdb` for this owner. */
export function asInit(owner: PostgresOwner): Partial<Identity> {
  return owner.kind === 'self' ? {} : owner.init;
}

/**
 * Returns whether this owner can enter a folder. Checks by a process of that user, which accounts for modes, access
 * lists and mounts.
 */
export function canEnter(owner: PostgresOwner, folder: string): boolean {
  if (owner.kind === 'self') return true;
  return [owner.server, owner.init].every(
    (identity) =>
      spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { ...identity, stdio: 'ignore' }).status === 0,
  );
}
