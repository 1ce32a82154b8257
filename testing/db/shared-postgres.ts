import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '@/lib/db/database';
import { databaseRoles } from '@/lib/launch/postgres/database-passwords';
import { startEmbeddedPostgres } from '@/lib/launch/postgres/embedded-postgres';
import { prepareDatabase } from '@/lib/server/operations/prepare-database';

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of a prepared database for its owner and for both roles; tests get copies of it. */
    readonly postgres: { readonly url: string; readonly webUrl: string; readonly workerUrl: string };
  }
}

/**
 * Starts one Postgres for all files of the `database` project, and prepares the database that they copy: this build's
 * schema, the engine's tables and the rights of both roles. Vitest calls it once per run.
 * @returns a function that stops it
 */
// biome-ignore lint/style/noDefaultExport: Vitest calls a global setup by its default export.
export default async function startSharedPostgres({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-database-test-'));
  const { url, webUrl, workerUrl, service } = startEmbeddedPostgres(dataDir, {
    line: () => {},
    say: () => {},
  });
  await service.ready;
  await prepareDatabase(
    url,
    fileURLToPath(new URL('../../lib/db/migrations', import.meta.url)),
    databaseRoles,
  );
  await trimForTests(url);
  provide('postgres', { url, webUrl, workerUrl });
  return async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** Turns off durability, which no test of this server needs, and autovacuum, which would interfere with copying. */
async function trimForTests(url: string): Promise<void> {
  const { db, close } = openDatabase(url, () => {});
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum'])
    await db.execute(`alter system set ${setting} = off`);
  await db.execute('select pg_reload_conf()');
  await close();
}
