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
 * Creates a database for all tests of a file: created before the first, closed after the last.
 * @param prepare sets up data for all of them
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
    get webUrl() {
      return started().webUrl;
    },
    get workerUrl() {
      return started().workerUrl;
    },
    get db() {
      return started().db;
    },
    stop: () => started().stop(),
  };
}
