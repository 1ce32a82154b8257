import pg from 'pg';

/** A transaction that a stuck process leaves open ends after this time, in ms, as in the engine's own pool. */
const idleTransactionMs = 60_000;

/**
 * Opens the engine's pool. The engine's own sends its first statement without waiting for it, so that the next one comes
 * while it runs: the driver only queues that for now, and will refuse it (`pg` 9). Here each connection is set up before
 * it is used.
 */
export function openEnginePool(databaseUrl: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'spillway-engine',
    connectionTimeoutMillis: 10_000,
    max,
    onConnect: (client) => client.query(`set idle_in_transaction_session_timeout = ${idleTransactionMs}`),
  });
  // The pool replaces a connection that breaks while it is idle; the engine handles those that it uses.
  pool.on('error', () => {});
  return pool;
}
