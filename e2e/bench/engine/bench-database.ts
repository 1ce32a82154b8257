import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@/lib/db/database';
import { migrate } from '@/lib/db/migrate';
import { startEmbeddedPostgres } from '@/lib/launch/postgres/embedded-postgres';
import type { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/store/context';

/** A real, fresh Postgres, with this process as the dashboard on it. */
export type BenchDatabase = {
  readonly url: string;
  /** The data directory. */
  readonly folder: string;
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Enqueues runs in the engine, all at once. */
  enqueue(runIds: readonly RunId[]): Promise<void>;
  stop(): Promise<void>;
};

export async function startBenchDatabase(): Promise<BenchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const postgres = startEmbeddedPostgres(folder, { line: () => {}, say: () => {} });
  await postgres.service.ready;
  await migrate(postgres.url, 'lib/db/migrations');
  process.env.DATABASE_URL = postgres.url;
  process.env.SPILLWAY_LOG_LEVEL = 'error';
  // Verbs are called in this process, as the user of this machine.
  process.env.SPILLWAY_SIGN_IN = 'off';
  const { database, engine } = await serverContext();
  // Copying 10,000 runs takes longer than a dashboard may wait.
  const own = openDatabase(postgres.url, () => {});
  return {
    url: postgres.url,
    folder,
    query: async (text, values = []) => (await own.pool.query(text, [...values])).rows,
    async enqueue(runIds) {
      const transaction = await database.pool.connect();
      await transaction.query('begin');
      for (const runId of runIds) await engine.enqueueRun({ runId, attempt: 1 }, transaction);
      await transaction.query('commit');
      transaction.release();
    },
    async stop() {
      await engine.close();
      await own.close();
      await database.close();
      await postgres.service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
