import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '@/lib/db/database';

export type TestDatabase = {
  /** The address as the owner of the tables, and as the roles of dashboard and worker. */
  readonly url: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  readonly db: Database;
  stop(): Promise<void>;
};

/**
 * Creates a database for this test alone, prepared as by the launcher, in the Postgres that all files of the `database`
 * project share. Tests that stop or kill the server, or test its roles, start their own.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const shared = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = new URL(shared.url).pathname.slice(1);
  await maintain(shared.url, `create database ${name} template ${template}`);
  const url = replaceDatabase(shared.url, name);
  const { db, close } = openDatabase(url, () => {});
  return {
    url,
    webUrl: replaceDatabase(shared.webUrl, name),
    workerUrl: replaceDatabase(shared.workerUrl, name),
    db,
    // Dropping it would break connections that the engine is still closing. It is deleted with the server's folder.
    stop: close,
  };
}

function replaceDatabase(url: string, name: string): string {
  const replaced = new URL(url);
  replaced.pathname = name;
  return replaced.href;
}

/** Runs a statement outside of the databases that tests use: a connection to the template would block copying it. */
async function maintain(url: string, statement: string): Promise<void> {
  const client = new pg.Client(replaceDatabase(url, 'postgres'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
