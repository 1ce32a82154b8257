import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@/lib/db/database';
import { migrate } from '@/lib/db/migrate';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/launch/postgres/embedded-postgres';
import type { TestDatabase } from './test-database';

export type OwnDatabase = TestDatabase & {
  /** The server's process: signals to it crash, freeze and stop a real database. */
  readonly server: EmbeddedPostgres;
};

/** Starts a real Postgres for this test alone, with this build's schema. */
export async function startOwnDatabase(): Promise<OwnDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-database-test-'));
  const server = startEmbeddedPostgres(dataDir, { line: () => {}, say: () => {} });
  await server.service.ready;
  const { url, webUrl, workerUrl } = server;
  await migrate(url, fileURLToPath(new URL('../../lib/db/migrations', import.meta.url)));
  const { db, close } = openDatabase(url, () => {});
  return {
    url,
    webUrl,
    workerUrl,
    db,
    server,
    async stop() {
      await close();
      await server.service.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
