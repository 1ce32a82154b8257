import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openDatabase } from '@/lib/db/database';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/launch/postgres/embedded-postgres';
import { postgresFolders } from '@/lib/launch/postgres/postgres-folders';
import { postgresOwner } from '@/lib/launch/processes/postgres-owner';
import type { TestDatabase } from './test-database';

export type OwnDatabase = TestDatabase & {
  /** The server's process, for signals that crash, freeze or stop it. */
  readonly server: EmbeddedPostgres;
};

/** Starts a real Postgres for this test alone, prepared as by the launcher. */
export async function startOwnDatabase(): Promise<OwnDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-database-test-'));
  copyPreparedCluster(dataDir);
  const server = startEmbeddedPostgres(dataDir, { line: () => {}, say: () => {} });
  await server.service.ready;
  const { url, webUrl, workerUrl } = server;
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

/** Copies the cluster of the run into a data folder, where the embedded Postgres uses it. */
export function copyPreparedCluster(dataDir: string): void {
  const { data, passwords } = inject('cluster');
  copyFileSync(passwords, join(dataDir, 'database-passwords.json'));
  // Its files keep their owner, which Node's own copy does not.
  execFileSync('cp', ['-a', data, postgresFolders(dataDir, postgresOwner()).data]);
}
