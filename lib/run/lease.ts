import pg from 'pg';

const keepAliveMs = 1000;
const giveUpMs = 5000;

/**
 * Takes the lease of an executor id, waiting for a predecessor to be gone: a session lock of Postgres, so it ends with
 * this process however that dies. Two workers of one id never run at once.
 * @param onLost told once when the lease is gone; the process must then stop working at once.
 */
export async function takeLease(databaseUrl: string, executorId: string, onLost: () => void): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
  let lost = false;
  let timer: NodeJS.Timeout | undefined;
  const lose = () => {
    if (lost) return;
    lost = true;
    clearInterval(timer);
    onLost();
  };
  client.on('error', lose);
  client.on('end', lose);
  await client.connect();
  await client.query(`select pg_advisory_lock(hashtextextended('executor:' || $1, 0))`, [executorId]);
  let answeredAt = Date.now();
  timer = setInterval(() => {
    if (Date.now() - answeredAt > giveUpMs) lose();
    client.query('select 1').then(() => {
      answeredAt = Date.now();
    }, lose);
  }, keepAliveMs);
  timer.unref();
}
