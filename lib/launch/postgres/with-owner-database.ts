import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseSettings } from '@/lib/settings';
import { LockHeldError, takePidLock } from '../pid-lock.mjs';
import { embeddedOwnerUrl, startEmbeddedPostgres } from './embedded-postgres';

/** The time that a stopped embedded database may take to start. */
const START_WITHIN_MS = 60_000;

/**
 * Runs a command with the address of the settings' database, as its owner: `DATABASE_URL`, or the embedded database,
 * which is started for that time if Spillway isn't running.
 * @param root the project's folder
 * @throws {Error} says which setting is invalid, or why there is no database
 */
export async function withOwnerDatabase<T>(root: string, work: (url: string) => Promise<T>): Promise<T> {
  const settings = parseSettings(process.env);
  if (!settings.ok) throw new Error(settings.error.join('\n'));
  const { DATABASE_URL: url, SPILLWAY_DATA_DIR } = settings.value;
  if (url !== undefined) return work(url);
  const dataDir = resolve(root, SPILLWAY_DATA_DIR);
  if (!existsSync(join(dataDir, 'database-passwords.json')))
    throw new Error(
      `there is no database in ${dataDir}. Set SPILLWAY_DATA_DIR or DATABASE_URL to that of your Spillway.`,
    );
  let unlock: () => void;
  try {
    unlock = takePidLock(join(dataDir, 'launcher.lock'));
  } catch (error) {
    if (error instanceof LockHeldError) return await work(embeddedOwnerUrl(dataDir));
    throw error;
  }
  try {
    const lines: string[] = [];
    const log = { line: () => {}, say: (line: string) => void lines.push(line) };
    const embedded = startEmbeddedPostgres(dataDir, log);
    try {
      const started = await Promise.race([
        embedded.service.ready,
        pause(START_WITHIN_MS, null, { ref: false }),
      ]);
      if (started === null) throw new Error(`the database did not start. ${lines.slice(-3).join(' ')}`);
      return await work(embedded.url);
    } finally {
      await embedded.service.stop();
    }
  } finally {
    unlock();
  }
}
