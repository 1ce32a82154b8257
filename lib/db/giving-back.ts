import type pg from 'pg';

/**
 * Watches the first statement of a client that is lent for a transaction. drizzle-orm sends `begin` before its `try`: where
 * that fails, nobody gives the client back, one place of the pool is gone for good, and closing the pool waits for ever
 * (`NodePgSession.transaction`, https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/node-postgres/session.ts).
 */
function givenBackIfUnusable(client: pg.PoolClient): pg.PoolClient {
  const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
  const first = async (...given: unknown[]) => {
    // From here on it is the client's own method again.
    Reflect.deleteProperty(client, 'query');
    try {
      return await query(...given);
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  return Object.assign(client, { query: first });
}

/** The pool as drizzle is to see it: the same one, whose clients come back also when a transaction can't begin. */
export function givingBack(pool: pg.Pool): pg.Pool {
  type Connected = Parameters<pg.Pool['connect']>[0];
  const connect = (then?: Connected) =>
    then === undefined ? pool.connect().then(givenBackIfUnusable) : pool.connect(then);
  return Object.create(pool, { connect: { value: connect } });
}
