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
    /** A stopped cluster, prepared as by the launcher; tests start servers on copies of it. */
    readonly cluster: { readonly data: string; readonly passwords: string };
  }
}

/**
 * Prepares a cluster for the files of the `processes` project, most of which need their own Postgres: a copy starts ten
 * times faster than a new cluster. Vitest calls it once per run.
 * @returns a function that deletes it
 */
// biome-ignore lint/style/noDefaultExport: Vitest calls a global setup by its default export.
export default async function prepareCluster({ provide }: TestProject): Promise<() => void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-cluster-'));
  const { url, home, service } = startEmbeddedPostgres(dataDir, { line: () => {}, say: () => {} });
  await service.ready;
  const migrations = fileURLToPath(new URL('../../lib/db/migrations', import.meta.url));
  await prepareDatabase(url, migrations, databaseRoles);
  const { db, close } = openDatabase(url, () => {});
  // Tests kill servers but not the machine, so writes need not be synced to the disk.
  for (const setting of ['fsync', 'full_page_writes']) await db.execute(`alter system set ${setting} = off`);
  await close();
  await service.stop();
  provide('cluster', { data: join(home, 'postgres'), passwords: join(dataDir, 'database-passwords.json') });
  return () => rmSync(dataDir, { recursive: true, force: true });
}
