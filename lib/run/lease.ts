import pg from 'pg';
import { isDatabaseAway } from '@/lib/database-away';

const keepAliveMs = 1000;
const giveUpMs = 5000;
const awayPauseMs = 500;

/** One connection that holds the lock; null when the database went away before it had it. */
async function lock(databaseUrl: string, executorId: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
  // A connection that breaks says so here as well as to whoever waits for its answer, who is told below.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock(hashtextextended('executor:' || $1, 0))`, [executorId]);
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}

/**
 * Takes the lease of an executor id, waiting for a predecessor to be gone and for a database that is away to be back,
 * as long as either takes: a session lock of Postgres, so it ends with this process however that dies. Two workers of
 * one id never run at once.
 * @throws what the database says when it is there and refuses.
 */
export async function takeLease(
  databaseUrl: string,
  executorId: string,
  told: {
    /** Once, when the database is away and is waited for. */
    readonly onWaiting: () => void;
    /** Once, when the lease is gone; the process must then stop working at once. */
    readonly onLost: () => void;
  },
): Promise<void> {
  let client = await lock(databaseUrl, executorId);
  if (client === null) told.onWaiting();
  while (client === null) {
    await new Promise((resolve) => setTimeout(resolve, awayPauseMs));
    client = await lock(databaseUrl, executorId);
  }
  hold(client, told.onLost);
}

function hold(client: pg.Client, onLost: () => void): void {
  let answeredAt = Date.now();
  let lost = false;
  const lose = () => {
    if (lost) return;
    lost = true;
    clearInterval(timer);
    onLost();
  };
  const timer = setInterval(() => {
    if (Date.now() - answeredAt > giveUpMs) lose();
    client.query('select 1').then(() => {
      answeredAt = Date.now();
    }, lose);
  }, keepAliveMs);
  timer.unref();
  client.on('error', lose);
  client.on('end', lose);
}
