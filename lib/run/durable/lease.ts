import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { isDatabaseAway } from '@/lib/database-away';

const signOfLifeMs = 1000;
const connectWithinMs = 5000;
const awayPauseMs = 500;

/**
 * The time until the server detects that this process's machine has disappeared (11 s): longer than the time after
 * which this process stops on its own (`lease-thread.mjs`). These settings have no effect on a Unix socket, which does not need them.
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

/** Opens the connection over which this process looks at other locks; null if the database is unavailable. */
async function connect(databaseUrl: string): Promise<pg.Client | null> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    keepAlive: true,
    connectionTimeoutMillis: connectWithinMs,
  });
  // A broken connection is reported both here and to the caller waiting for a response, which handles it below.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(serverKeepAlive);
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}

type ThreadMessage =
  /** Another process holds the worker's lock. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'held' }
  /** Asks for a turn of the event loop. */
  | { readonly kind: 'turn' }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: unknown }
  | { readonly kind: 'lost' };

/**
 * Starts the thread that acquires both locks and keeps them.
 * @returns null if the database became unavailable first
 * @throws the database's error if it is available and refuses
 */
function lock(
  databaseUrl: string,
  { worker, version }: { readonly worker: string; readonly version: string },
  onTaken: () => void,
): Promise<Worker | null> {
  const names = { workerLock: workerLock(worker), versionLock: versionLock(version) };
  const thread = new Worker(new URL('lease-thread.mjs', import.meta.url), {
    workerData: { databaseUrl, serverKeepAlive, ...names },
    execArgv: [],
  });
  thread.unref();
  return new Promise((resolve, reject) => {
    // After the first outcome, the others have no effect.
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('the thread of the lease has ended')));
    thread.on('message', (message: ThreadMessage) => {
      if (message.kind === 'turn') thread.postMessage('turned');
      else if (message.kind === 'taken') onTaken();
      else if (message.kind === 'held') resolve(thread);
      else if (message.kind === 'failed') {
        const error = Object.assign(new Error(message.message), { code: message.code });
        if (isDatabaseAway(error)) resolve(null);
        else reject(error);
      }
    });
  });
}

/**
 * Acquires the lease of a worker's name. Waits as long as needed for a predecessor to end and for an unavailable
 * database to return. The lease is a Postgres session lock, so it ends with this process, however it dies. A thread holds
 * it, so that a busy event loop doesn't end it. Two workers of one name never run at once.
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
    const client = await connect(databaseUrl);
    const thread = client === null ? null : await lock(databaseUrl, who, () => waitFor('worker'));
    if (client !== null && thread !== null) {
      const query = inTurn(client);
      hold(client, thread, query, events.onLost);
      return createLease(query);
    }
    void client?.end().catch(() => {});
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

/**
 * Reports once that the lease is lost: with the thread's connection, or with this one. It shows signs of life over this
 * one, too: locks that it holds for a while must not look like those of a frozen process.
 */
function hold(client: pg.Client, thread: Worker, query: Query, onLost: () => void): void {
  let lost = false;
  const lose = () => {
    if (lost) return;
    lost = true;
    clearInterval(timer);
    void thread.terminate();
    onLost();
  };
  const timer = setInterval(() => void query('select 1').catch(lose), signOfLifeMs);
  timer.unref();
  client.on('error', lose);
  client.on('end', lose);
  thread.on('exit', lose);
  thread.on('message', ({ kind }: ThreadMessage) => {
    if (kind === 'lost') lose();
  });
}
