import type { Database } from '@/lib/db/database';
import { startTestDatabase, type TestDatabase } from '@/lib/db/test-database';
import { serverContext } from './context';

/** The verbs' own context over a real database of this test alone; no worker runs, so runs stay where the test puts them. */
export async function startTestContext(): Promise<Pick<TestDatabase, 'db' | 'stop'>> {
  const { url, stop } = await startTestDatabase();
  process.env.DATABASE_URL = url;
  const { database, engine } = await serverContext();
  const db: Database = database.db;
  return {
    db,
    async stop() {
      await engine.close();
      await database.close();
      await stop();
    },
  };
}
