/*
 * Holds the locks of a worker's lease in a thread of its own, so that work of the process can't delay the keep-alive.
 * Plain JavaScript: it runs from the sources in tests, and as a bundle beside the worker's.
 */
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';

const keepAliveMs = 1000;
const giveUpMs = 5000;
const takenPauseMs = 200;
/** The time without a turn of the process's own event loop after which it counts as stuck, and others recover its runs. */
const stuckMs = 30_000;

const { databaseUrl, serverKeepAlive, workerLock, versionLock } = workerData;

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const tell = (/** @type {object} */ message) => parentPort?.postMessage(message);

const client = new pg.Client({
  connectionString: databaseUrl,
  keepAlive: true,
  connectionTimeoutMillis: giveUpMs,
});
// A broken connection is reported both here and to the caller waiting for a response, which handles it below.
client.on('error', () => {});

/** Polls instead of waiting inside a statement, which would block index builds. */
async function acquire(
  /** @type {'lock' | 'lock_shared'} */ how,
  /** @type {string} */ name,
  /** @type {() => void} */ onTaken,
) {
  for (;;) {
    const text = `select pg_try_advisory_${how}(hashtextextended($1, 0)) as ok`;
    const { rows } = await client.query(text, [name]);
    if (rows[0].ok) return;
    onTaken();
    await pause(takenPauseMs);
  }
}

/** Ends the thread; the process stops working once it hears of it. */
function lose() {
  tell({ kind: 'lost' });
  process.exit();
}

function hold() {
  // A monotonic clock: changing the system time must not end a worker.
  let answeredAt = performance.now();
  let turnedAt = performance.now();
  parentPort?.on('message', () => {
    turnedAt = performance.now();
  });
  client.on('error', lose);
  client.on('end', lose);
  setInterval(() => {
    const now = performance.now();
    if (now - answeredAt > giveUpMs || now - turnedAt > stuckMs) lose();
    tell({ kind: 'turn' });
    client.query('select 1').then(() => {
      answeredAt = performance.now();
    }, lose);
  }, keepAliveMs);
}

try {
  await client.connect();
  await client.query(serverKeepAlive);
  await acquire('lock', workerLock, () => tell({ kind: 'taken' }));
  await acquire('lock_shared', versionLock, () => {});
  hold();
  tell({ kind: 'held' });
} catch (error) {
  // The class and the fields of an error don't survive the way to the process.
  const { message, code } = /** @type {Error & { code?: unknown }} */ (error);
  tell({ kind: 'failed', message, code });
  process.exit();
}
