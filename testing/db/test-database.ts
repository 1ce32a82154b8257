import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, openDatabase } from '@/lib/db/database';
import { migrate } from '@/lib/db/migrate';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/launch/postgres/embedded-postgres';

export type TestDatabase = {
  readonly url: string;
  readonly db: Database;
  /** The server's process: signals to it crash, freeze and stop a real database. */
  readonly server: EmbeddedPostgres;
  stop(): Promise<void>;
};

/** Starts a real Postgres for this test alone, with this build's schema. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-database-test-'));
  const server = startEmbeddedPostgres(dataDir, { line: () => {}, say: () => {} });
  await server.service.ready;
  await migrate(server.url, fileURLToPath(new URL('../../lib/db/migrations', import.meta.url)));
  const { db, close } = openDatabase(server.url, () => {});
  return {
    url: server.url,
    db,
    server,
    async stop() {
      await close();
      await server.service.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
