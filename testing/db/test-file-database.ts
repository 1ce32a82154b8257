import { afterAll, beforeAll } from 'vitest';
import { invariant } from '@/lib/invariant';
import { startTestDatabase, type TestDatabase } from './test-database';

/** Starts and stops a resource in a file's hooks, for the file's tests to use. */
export function ofThisFile<T extends { stop(): Promise<void> }>(start: () => Promise<T>): () => T {
  let started: T | undefined;
  beforeAll(async () => {
    started = await start();
  }, 60_000);
  afterAll(() => started?.stop());
  return () => {
    invariant(started !== undefined, 'tests run after the hooks of their file');
    return started;
  };
}

/**
 * Starts a real Postgres for all tests of a file: started before the first, stopped after the last.
 * @param prepare sets up the data that all of them find in it
 */
export function fileDatabase(
  prepare: (database: TestDatabase) => Promise<unknown> = async () => {},
): TestDatabase {
  const started = ofThisFile(async () => {
    const database = await startTestDatabase();
    await prepare(database);
    return database;
  });
  return {
    get url() {
      return started().url;
    },
    get db() {
      return started().db;
    },
    get server() {
      return started().server;
    },
    stop: () => started().stop(),
  };
}
