import { Writable } from 'node:stream';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from '@/lib/database-away';
import { storable, storableText } from '@/lib/input/outside-text';
import { createLog } from '@/lib/log/log';
import { PlanId } from '@/lib/plan/model/model';
import { fileDatabase } from '@/testing/db/test-file-database';
import { StatementError } from './database';
import { connections, plans } from './schema';

const account = { id: 'c', name: 'c', kind: 'sandbox', portOffset: 0, available: true } as const;
const database = fileDatabase(({ db }) => db.insert(connections).values(account));

async function failure(statement: PromiseLike<unknown>): Promise<StatementError> {
  try {
    await statement;
  } catch (error) {
    expect(error).toBeInstanceOf(StatementError);
    return error as StatementError;
  }
  throw new Error('the statement worked');
}

/** Returns what a log records of an error. */
function logged(error: Error): string {
  const lines: string[] = [];
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  createLog('test', 'info', { to }).error({ err: error }, 'failed');
  return lines.join('');
}

it('is not taken for an absent database if a file is missing', () => {
  const missing = (syscall: string) =>
    Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall, path: '/var/run/x' });
  expect(isDatabaseAway(missing('open'))).toBe(false);
  expect(isDatabaseAway(new Error('The schemas are missing.', { cause: missing('open') }))).toBe(false);
  // The socket of a database on this machine.
  expect(isDatabaseAway(missing('connect'))).toBe(true);
});

describe('a statement that fails', () => {
  it('reports SQLSTATE and constraint, and none of its SQL', async () => {
    const { db } = database;
    const error = await failure(db.insert(connections).values({ ...account, name: 'secret-name' }));
    expect(error).toMatchObject({ code: '23505', constraint: 'connection_pkey' });
    expect(error.message).toContain('23505, constraint connection_pkey');
    for (const text of [error.message, String(error.stack), logged(error)])
      expect(text).not.toMatch(/insert into|secret-name|params/i);
  });

  it('does the same inside a transaction', async () => {
    const { db } = database;
    const error = await failure(db.transaction((tx) => tx.insert(connections).values(account)));
    expect(error).toMatchObject({ code: '23505' });
    expect(logged(error)).not.toMatch(/insert into/i);
  });

  it('property: reveals nothing of the statement for any text that PostgreSQL refuses', async () => {
    const { db } = database;
    const odd = fc.constantFrom('\0', '\ud800', 'x\udfff');
    await fc.assert(
      fc.asyncProperty(fc.string(), odd, async (before, rest) => {
        const findings = [{ text: `${before}${rest}` }] as never;
        const values = { connectionId: 'c', plan: {} as never, findings, hash: 'x', createdBy: 'x' };
        const error = await failure(db.insert(plans).values(values));
        expect(error.code).toMatch(/^22P0[25]$/);
        expect(logged(error)).not.toMatch(/insert into/i);
      }),
      { numRuns: 20 },
    );
    const error = await failure(
      db
        .select()
        .from(plans)
        .where(eq(plans.id, PlanId.parse('a\0b'))),
    );
    expect(error.code).toBe('22021');
  });

  it('is recognized when the database is unavailable', async () => {
    const { db } = database;
    const error = await failure(db.execute(sql`select pg_terminate_backend(pg_backend_pid())`));
    expect(isDatabaseAway(error)).toBe(true);
  });

  it('property: accepts every text that was made storable', async () => {
    const { db } = database;
    const odd = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(odd, fc.constantFrom('\0', '\ud800', 'x\udfff')), async (outside) => {
        const made = storable({ [outside]: outside });
        const values = {
          connectionId: 'c',
          plan: {} as never,
          findings: made as never,
          hash: storableText(outside),
        };
        const stored = await db
          .insert(plans)
          .values({ ...values, createdBy: 'x' })
          .returning();
        expect(stored[0]).toMatchObject({ findings: made, hash: values.hash });
      }),
      { numRuns: 50 },
    );
  });
});
