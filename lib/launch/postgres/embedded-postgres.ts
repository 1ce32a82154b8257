import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { guardProcess } from '@/lib/launch/processes/guard-process';
import {
  asInit,
  asServer,
  type Identity,
  type PostgresOwner,
  postgresEnvironment,
  postgresOwner,
} from '@/lib/launch/processes/postgres-owner';
import { type ServiceLog, type SupervisedService, supervise } from '@/lib/launch/processes/supervise';
import { replaceFile } from '@/lib/replace-file';
import {
  type DatabasePasswords,
  databaseRoles,
  readDatabasePasswords,
  scramVerifier,
} from './database-passwords';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries';
import { type PostgresFolders, postgresFolders } from './postgres-folders';
import { stopLeftoverPostgres } from './postgres-leftover';

/** The embedded database: a real Postgres that only the owner of the data directory can reach. */
export type EmbeddedPostgres = {
  /**
   * A `postgresql:` address that `pg`, Drizzle and DBOS accept; the socket's folder is its `host` parameter. With the
   * launcher's role, which owns all tables, and its password.
   */
  readonly url: string;
  /** The same for the dashboard and the worker, whose roles get their rights after the migration. */
  readonly webUrl: string;
  readonly workerUrl: string;
  /** The location of the data, for display. */
  readonly home: string;
  readonly service: SupervisedService<true>;
};

/**
 * Starts the embedded Postgres 17, creating its cluster at the first start. It listens only on a Unix socket,
 * writes with fsync, is restarted when it dies, and ends with this process, even if that is killed. If it cannot be
 * created or started, for example on a full disk, that is reported and retried.
 * @param dataDir absolute path of an existing directory that nothing else uses
 * @throws if its user can't enter any folder; the message contains the fix
 */
export function startEmbeddedPostgres(dataDir: string, log: ServiceLog): EmbeddedPostgres {
  const owner = postgresOwner();
  const folders = postgresFolders(dataDir, owner);
  const passwordFile = join(dataDir, 'database-passwords.json');
  const passwords = readDatabasePasswords(passwordFile);
  let areSet = passwords.areSet;
  const service = supervise<true>({
    name: 'database',
    prepare: async () => {
      const binaries = postgresBinaries(owner, folders.home);
      if (!existsSync(folders.data)) {
        createCluster(binaries, folders, owner);
        areSet = false;
      }
      await stopLeftoverPostgres(folders.data, log.say);
      if (areSet) return;
      await replaceFile(passwordFile, [JSON.stringify({ ...passwords, areSet: false })]);
      setPasswords(binaries, folders, owner, passwords);
      await replaceFile(passwordFile, [JSON.stringify({ ...passwords, areSet: true })]);
      areSet = true;
    },
    start: () => startServer(postgresBinaries(owner, folders.home), folders, owner),
    // Its log is in English (LC_ALL=C): https://www.postgresql.org/docs/17/server-start.html
    ready: (said) =>
      said.kind === 'line' && said.line.includes('database system is ready to accept connections')
        ? true
        : undefined,
    // Fast shutdown: https://www.postgresql.org/docs/17/server-shutdown.html
    stopSignal: 'SIGINT',
    stopWithinMs: 15_000,
    log,
  });
  return {
    url: connectionUrl('owner', passwords, folders),
    webUrl: connectionUrl('web', passwords, folders),
    workerUrl: connectionUrl('worker', passwords, folders),
    home: folders.home,
    service,
  };
}

/**
 * Returns the address of a data folder's embedded database, which another process has started, with the role that owns the
 * tables.
 */
export function embeddedOwnerUrl(dataDir: string): string {
  return connectionUrl(
    'owner',
    readDatabasePasswords(join(dataDir, 'database-passwords.json')),
    postgresFolders(dataDir, postgresOwner()),
  );
}

function connectionUrl(
  role: keyof typeof databaseRoles,
  passwords: DatabasePasswords,
  { socket }: PostgresFolders,
): string {
  return `postgresql://${databaseRoles[role]}:${passwords[role]}@localhost/spillway?host=${encodeURIComponent(socket)}`;
}

function startServer(binaries: PostgresBinaries, { data, socket }: PostgresFolders, owner: PostgresOwner) {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socket,
    unix_socket_permissions: '0700',
    log_checkpoints: 'off',
    log_line_prefix: '',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(binaries.postgres, ['-D', data, ...args], {
    ...asServer(owner),
    cwd: '/',
    env: postgresEnvironment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Fast shutdown, then immediate; after the latter, the next start recovers as from a crash:
  // https://www.postgresql.org/docs/17/server-shutdown.html
  const endings = [{ signal: 'INT', afterS: 0 } as const, { signal: 'QUIT', afterS: 1.5 } as const];
  guardProcess(server, 'process', endings, asServer(owner));
  return server;
}

/**
 * Creates the cluster in a temporary folder and renames it at the end, so that an existing cluster is always complete.
 */
function createCluster(
  binaries: PostgresBinaries,
  { home, data }: PostgresFolders,
  owner: PostgresOwner,
): void {
  const prefix = 'postgres-draft-';
  for (const name of readdirSync(home)) {
    if (name.startsWith(prefix)) rmSync(join(home, name), { recursive: true });
  }
  const draft = mkdtempSync(join(home, prefix));
  const cluster = join(draft, 'cluster');
  mkdirSync(cluster, { mode: 0o700 });
  if (owner.kind === 'dedicated')
    for (const path of [draft, cluster]) chownSync(path, owner.init.uid, owner.init.gid);
  run(
    binaries.initdb,
    ['-D', cluster, '-U', 'spillway', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-instructions']
      // Letters beyond ASCII have upper and lower case, the same on every system:
      // https://www.postgresql.org/docs/17/locale.html#LOCALE-PROVIDERS
      .concat('--locale-provider=builtin', '--builtin-locale=C.UTF-8'),
    owner,
  );
  run(binaries.postgres, ['--single', '-D', cluster, 'postgres'], owner, 'CREATE DATABASE spillway;\n');
  if (owner.kind === 'dedicated') giveTo(owner.server, cluster);
  chmodSync(cluster, 0o700);
  renameSync(cluster, data);
  rmSync(draft, { recursive: true });
}

/**
 * Creates the roles, sets their passwords and requires them from then on, also in a cluster of an older build, which
 * required none. This runs in single-user mode, so a server without passwords never listens.
 * https://www.postgresql.org/docs/17/app-postgres.html#APP-POSTGRES-SINGLE-USER
 */
function setPasswords(
  binaries: PostgresBinaries,
  { data }: PostgresFolders,
  owner: PostgresOwner,
  passwords: DatabasePasswords,
): void {
  const statements = (Object.keys(databaseRoles) as (keyof typeof databaseRoles)[]).flatMap((key) => {
    const role = databaseRoles[key];
    const isThere = `exists (select from pg_roles where rolname = '${role}')`;
    return [
      `do $$ begin if not ${isThere} then create role ${role} login; end if; end $$;`,
      `alter role ${role} password '${scramVerifier(passwords[key])}';`,
    ];
  });
  // It also requires a named user, so the files change owner temporarily.
  if (owner.kind === 'dedicated') giveTo(owner.init, data);
  // In single-user mode, each line is a statement.
  run(binaries.postgres, ['--single', '-D', data, 'postgres'], owner, `${statements.join('\n')}\n`);
  // https://www.postgresql.org/docs/17/auth-pg-hba-conf.html
  writeFileSync(join(data, 'pg_hba.conf'), 'local all all scram-sha-256\n');
  if (owner.kind === 'dedicated') giveTo(owner.server, data);
}

function run(program: string, args: readonly string[], owner: PostgresOwner, input = ''): void {
  const done = spawnSync(program, args, {
    ...asInit(owner),
    cwd: '/',
    env: postgresEnvironment,
    input,
    encoding: 'utf8',
  });
  if (done.error) throw done.error;
  // A statement that fails in single-user mode does not change the program's exit status.
  if (done.status === 0 && !/^.*\b(ERROR|FATAL|PANIC):/m.test(done.stderr)) return;
  const lines = `${done.stdout}${done.stderr}`.trim().split('\n').slice(-8).join('\n  ');
  throw new Error(
    `The database could not be created (${program} ended with ${done.status ?? done.signal}):\n  ${lines}`,
  );
}

function giveTo({ uid, gid }: Identity, path: string): void {
  lchownSync(path, uid, gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo({ uid, gid }, join(path, name));
}
