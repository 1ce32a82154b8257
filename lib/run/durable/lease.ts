import pg from 'pg';
import { isDatabaseAway } from '@/lib/database-away';

const keepAliveMs = 1000;
const giveUpMs = 5000;
const awayPauseMs = 500;
const takenPauseMs = 200;

/**
 * The time until the server detects that this process's machine has disappeared (11 s): longer than the time after
 * which this process stops on its own. These settings have no effect on a Unix socket, which does not need them.
 * https://www.postgresql.org/docs/17/runtime-config-connection.html
 */
const serverKeepAlive = `
  set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
  set tcp_user_timeout = 10000; set idle_session_timeout = 0`;

/** Returns the session lock that a worker of this name holds exclusively. */
export function workerLock(worker: string): string {
  return `executor:${worker}`;
}

/** Returns the session lock that all workers of one engine version share. */
export function versionLock(version: string): string {
  return `engine:${version}`;
}

/** Connections that hold one of the locks named in $1, with the time since each was last active. */
const holders = `
  select name, pid, (extract(epoch from clock_timestamp() - state_change) * 1000)::float8 as silent_ms
  from unnest($1::text[]) as name
  join pg_locks on locktype = 'advisory' and granted and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
    and (classid::bigint << 32) | objid::bigint = hashtextextended(name, 0)
  join pg_stat_activity using (pid)`;

/**
 * The lock of this worker, and the state of other locks as seen over its connection. Names as returned by `workerLock`.
 */
export type Lease = {
  /** Returns the held locks among these, each with the silence of its most silent holder, in ms. */
  held(locks: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Runs an action while no other process can acquire the lock; returns false without running it if one holds it. */
  whileFree(lock: string, act: () => Promise<void>): Promise<boolean>;
  /** Terminates the connections that hold a lock and have been silent for this long: their processes then stop. */
  cut(lock: string, silentMs: number): Promise<void>;
};

export type LeaseEvents = {
  /** Called once per cause of waiting: an unavailable database, a running worker of the same name. */
  readonly onWaiting: (what: 'database' | 'worker') => void;
  /** Called once, when the lease is lost; the process must then stop working at once. */
  readonly onLost: () => void;
};

/** Sends one statement at a time. */
type Query = (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;

function inTurn(client: pg.Client): Query {
  let last: Promise<unknown> = Promise.resolve();
  return (text, values = []) => {
    const answer = last.then(() => client.query(text, [...values]));
    last = answer.catch(() => {});
    return answer;
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function isTaken(query: Query, how: 'lock' | 'lock_shared', name: string): Promise<boolean> {
  const { rows } = await query(`select pg_try_advisory_${how}(hashtextextended($1, 0)) as ok`, [name]);
  return rows[0].ok === false;
}

/**
 * Opens one connection that holds both locks; null if the database became unavailable first. It polls instead of
 * waiting inside a statement, which would block index builds.
 */
async function lock(
  databaseUrl: string,
  { worker, version }: { readonly worker: string; readonly version: string },
  onTaken: () => void,
): Promise<pg.Client | null> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    keepAlive: true,
    connectionTimeoutMillis: giveUpMs,
  });
  // A broken connection is reported both here and to the caller waiting for a response, which handles it below.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(serverKeepAlive);
    const query = inTurn(client);
    while (await isTaken(query, 'lock', workerLock(worker))) {
      onTaken();
      await pause(takenPauseMs);
    }
    while (await isTaken(query, 'lock_shared', versionLock(version))) await pause(takenPauseMs);
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}

/**
 * Acquires the lease of a worker's name. Waits as long as needed for a predecessor to end and for an unavailable
 * database to return. The lease is a Postgres session lock, so it ends with this process, however it dies. Two workers
 * of one name never run at once.
 * @param who the worker's name, and the engine version whose runs it executes
 * @throws the database's error if it is available and refuses
 */
export async function takeLease(
  databaseUrl: string,
  who: { readonly worker: string; readonly version: string },
  events: LeaseEvents,
): Promise<Lease> {
  const reported = new Set<string>();
  const waitFor = (what: 'database' | 'worker') => {
    if (!reported.has(what)) events.onWaiting(what);
    reported.add(what);
  };
  for (;;) {
    const client = await lock(databaseUrl, who, () => waitFor('worker'));
    if (client !== null) {
      const query = inTurn(client);
      hold(client, query, events.onLost);
      return createLease(query);
    }
    waitFor('database');
    await pause(awayPauseMs);
  }
}

function createLease(query: Query): Lease {
  return {
    async held(locks) {
      const { rows } = await query(`${holders} order by silent_ms`, [locks]);
      return new Map(rows.map((row) => [row.name, row.silent_ms]));
    },
    async whileFree(name, act) {
      if (await isTaken(query, 'lock', name)) return false;
      try {
        await act();
      } finally {
        await query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
      }
      return true;
    },
    async cut(name, silentMs) {
      await query(`select pg_terminate_backend(pid) from (${holders}) as h where silent_ms > $2`, [
        [name],
        silentMs,
      ]);
    },
  };
}

function hold(client: pg.Client, query: Query, onLost: () => void): void {
  // A monotonic clock: changing the system time must not end a worker.
  let answeredAt = performance.now();
  let lost = false;
  const lose = () => {
    if (lost) return;
    lost = true;
    clearInterval(timer);
    onLost();
  };
  const timer = setInterval(() => {
    if (performance.now() - answeredAt > giveUpMs) lose();
    query('select 1').then(() => {
      answeredAt = performance.now();
    }, lose);
  }, keepAliveMs);
  timer.unref();
  client.on('error', lose);
  client.on('end', lose);
}
