import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import { startTestDatabase } from '@/testing/db/test-database';
import { ofThisFile } from '@/testing/db/test-file-database';
import { exclusively } from './exclusively';

function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

const database = ofThisFile(startTestDatabase);
let pool: pg.Pool;

beforeEach(() => {
  pool = new pg.Pool({ connectionString: database().url, max: 2 });
});
afterEach(() => pool.end());

describe('decisions of one process', () => {
  it('are made in order, and hold one connection, however many there are', async () => {
    const gate = createGate();
    const begun = createGate();
    const made: number[] = [];
    const all = Array.from({ length: 20 }, (_, nth) =>
      exclusively(pool, async () => {
        begun.open();
        await gate.opened;
        made.push(nth);
        return ok(nth);
      }),
    );
    expect(pool).toMatchObject({ totalCount: 1, waitingCount: 0 });
    await begun.opened;
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    gate.open();
    await Promise.all(all);
    expect(made).toEqual(all.map((_, nth) => nth));
  });

  it('are independent of each other’s errors', async () => {
    const failed = exclusively(pool, () => Promise.reject(new Error('not this one')));
    const next = exclusively(pool, async () => ok('made'));
    await expect(failed).rejects.toThrow('not this one');
    expect(await next).toEqual(ok('made'));
  });

  it('fail together while the database is away, and are made once it is back', async () => {
    const away = new Error('timeout exceeded when trying to connect');
    const gate = createGate();
    const made: string[] = [];
    const first = exclusively(pool, async () => {
      await gate.opened;
      throw away;
    });
    const waiting = ['second', 'third'].map((name) =>
      exclusively(pool, async () => {
        made.push(name);
        return ok(name);
      }),
    );
    gate.open();
    expect(await Promise.allSettled([first, ...waiting])).toEqual(
      Array.from({ length: 3 }, () => ({ status: 'rejected', reason: away })),
    );
    expect(made).toEqual([]);
    expect(await exclusively(pool, async () => ok('made'))).toEqual(ok('made'));
  });
});
