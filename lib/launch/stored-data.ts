import { once } from 'node:events';
import { closeSync, existsSync, openSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '@/lib/db/database';
import { migrationState } from '@/lib/db/migration-state';
import { worldFormat } from '@/lib/sandbox/world/world';
import type { Settings } from '@/lib/settings';
import { spillwayVersion } from '@/lib/version';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded-postgres';
import { postgresFolders } from './postgres/postgres-folders';
import type { LauncherLog } from './processes/launcher-log';
import { postgresOwner } from './processes/postgres-owner';
import type { SupervisedService } from './processes/supervise';

/** Stored data of another build, which this one can't read. */
type OtherData = {
  /** One line for the operator: what it is, where it is, and how its version differs. */
  readonly text: string;
  /** The folder that contains all of it; null = it is outside of the data folder, in a database of the operator. */
  readonly folder: string | null;
};

/** The time limit of the check; a database that does not answer is checked again before it is migrated. */
const CHECK_WITHIN_MS = 5_000;
/**
 * The time that the check waits for an existing embedded database; one that starts later is checked before its
 * migration.
 */
const START_WITHIN_MS = 15_000;
/** The format is the first field of sandbox data, which may have many MB. */
const HEAD_BYTES = 200;

/**
 * Returns the sandbox data in a folder if it has another format. Damaged data has none: the sandbox itself reports it.
 * @param folder of the sandbox, whether it exists or not
 */
function findOtherSandboxData(folder: string): OtherData | null {
  const file = join(folder, 'world.json');
  const found = /^\s*\{\s*"format"\s*:\s*("[^"]{0,40}"|\d{1,9})/.exec(readHead(file))?.[1];
  if (found === undefined || found === JSON.stringify(worldFormat)) return null;
  return {
    text: `sandbox data: ${file} (format ${found}; this build reads ${JSON.stringify(worldFormat)})`,
    folder,
  };
}

function readHead(file: string): string {
  if (!existsSync(file)) return '';
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString('utf8', 0, readSync(handle, head));
  } finally {
    closeSync(handle);
  }
}

/**
 * Returns a database if its tables are those of another build; null also if it does not answer.
 * @param folder of its cluster if it is the embedded one, otherwise null
 */
async function findOtherDatabase(databaseUrl: string, folder: string | null): Promise<OtherData | null> {
  const { db, close } = openDatabase(databaseUrl, () => {});
  try {
    const state = await Promise.race([migrationState(db), pause(CHECK_WITHIN_MS, null, { ref: false })]);
    if (state !== 'other') return null;
  } catch {
    // The migration reports why, and retries.
    return null;
  } finally {
    close().catch(() => {});
  }
  // Without its user and password.
  const { pathname, hostname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get('host') ?? hostname;
  const where = folder ?? `${pathname.slice(1)} on ${host}, named by DATABASE_URL`;
  return { text: `database: ${where} (its tables are those of another build)`, folder };
}

/** Describes, line by line, what was found and what the operator can do. */
function describeOtherData(found: readonly OtherData[]): readonly string[] {
  const choices = found.every(({ folder }) => folder !== null)
    ? [
        'start with empty data: npm start -- --set-aside renames these folders, adds the time to their names, and deletes nothing',
      ]
    : [
        'start with an empty database: create one, and set DATABASE_URL to it (Spillway renames no database that it has not created)',
      ];
  return [
    `Spillway ${spillwayVersion} can't read this data, which another build has stored:`,
    ...found.map(({ text }) => `  ${text}`),
    'You can:',
    ...[...choices, 'keep using it: start the build that has stored it'].map((choice) => `  - ${choice}`),
  ];
}

/**
 * Asks at the terminal whether to set the data aside.
 * @returns false without a terminal, or if the answer is not yes
 */
export async function askToSetAside(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<boolean> {
  if (!input.isTTY || !output.isTTY) return false;
  // `terminal: false` lets Ctrl-C end the launcher as usual.
  const asked = createInterface({ input, output, terminal: false });
  try {
    const answer = asked.question('Set it aside and start with empty data? [y/N] ', { signal });
    const [text] = await Promise.race([answer.then((line) => [line]), once(asked, 'close', { signal })]);
    return /^y(es)?$/i.test(String(text ?? '').trim());
  } finally {
    asked.close();
  }
}

/**
 * Renames folders to names with the time beside them: `postgres` becomes `postgres.2026-12-12T20-00-00Z`. Nothing may
 * use them while this runs.
 * @returns their new names
 */
function setAside(folders: readonly string[], now: Date): readonly string[] {
  const time = `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  return folders.map((folder) => {
    const aside = `${folder}.${time}`;
    renameSync(folder, aside);
    return aside;
  });
}

type StoredData = {
  readonly dataDir: string;
  readonly settings: Settings;
  /** True if the operator has agreed to set aside what this build can't read. */
  readonly maySetAside: boolean;
  /** The embedded database is added when it is started. */
  readonly services: SupervisedService<unknown>[];
  readonly log: LauncherLog;
  /** Aborts all waits. */
  readonly signal: AbortSignal;
};

/**
 * Starts the embedded database, unless another one is used, and checks that this build can read the stored database and
 * sandbox data. Unreadable data is set aside if the operator agrees; otherwise nothing is changed.
 * @returns the embedded database, if there is one; null if this build must not start on this data, which has been
 * reported
 */
export async function openStoredData(
  start: StoredData,
): Promise<{ embedded: EmbeddedPostgres | null } | null> {
  const { dataDir, settings, services, log, signal } = start;
  const { SPILLWAY_ROLE: role, DATABASE_URL: outer } = settings;
  const cluster = outer === undefined ? postgresFolders(dataDir, postgresOwner()).data : null;
  const startEmbedded = () => {
    const started = startEmbeddedPostgres(dataDir, log);
    services.push(started.service);
    return started;
  };
  // A missing database is created only if nothing prevents the start.
  const before = cluster !== null && existsSync(cluster) ? startEmbedded() : null;
  await Promise.race([before?.service.tried, pause(START_WITHIN_MS, undefined, { ref: false, signal })]);
  const databaseUrl = before?.url ?? outer;
  const found = [
    databaseUrl === undefined ? null : await findOtherDatabase(databaseUrl, cluster),
    role === 'all' ? findOtherSandboxData(join(dataDir, 'sandbox')) : null,
  ].filter((each) => each !== null);
  const folders = found.flatMap(({ folder }) => folder ?? []);
  if (found.length > 0) {
    for (const line of describeOtherData(found)) log.print(line);
    const canSetAside = folders.length === found.length;
    if (
      !canSetAside ||
      !(start.maySetAside || (await askToSetAside(process.stdin, process.stdout, signal)))
    ) {
      log.print('Nothing was changed, and nothing was started.');
      return null;
    }
  }
  const isClusterAside = cluster !== null && folders.includes(cluster);
  if (isClusterAside) for (const service of services.splice(0)) await service.stop();
  for (const aside of setAside(folders, new Date())) log.print(`Set aside: ${aside}`);
  if (cluster === null) return { embedded: null };
  return { embedded: before === null || isClusterAside ? startEmbedded() : before };
}
