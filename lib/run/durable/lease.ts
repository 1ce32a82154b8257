import pg from 'pg';
import { isDatabaseAway } from '@/lib/database-away';

const keepAliveMs = 1000;
const giveUpMs = 5000;
const awayPauseMs = 500;
const takenPauseMs = 200;

/**
 * How soon the server notices that this process's machine is gone without a word (11 s): later than this process gives up
 * by itself. On a Unix socket they do nothing, and need not. https://www.postgresql.org/docs/17/runtime-config-connection.html
 */
const serverKeepAlive = `
  set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
  set tcp_user_timeout = 10000; set idle_session_timeout = 0`;

/** The session lock that a worker of this name holds alone. */
export function workerLock(worker: string): string {
  return `executor:${worker}`;
}

/** The session lock that all workers of one engine version share. */
export function versionLock(version: string): string {
  return `engine:${version}`;
}

/** Connections that hold one of the locks named in $1, with how long each has said nothing. */
const holders = `
  select name, pid, (extract(epoch from clock_timestamp() - state_change) * 1000)::float8 as silent_ms
  from unnest($1::text[]) as name
  join pg_locks on locktype = 'advisory' and granted and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
    and (classid::bigint << 32) | objid::bigint = hashtextextended(name, 0)
  join pg_stat_activity using (pid)`;

/** The lock of this worker, and what its connection can tell of the locks of others. Names as `workerLock` makes them. */
export type Lease = {
  /** Those of the locks that somebody holds, each with how long the most silent of its holders has said nothing, in ms. */
  held(locks: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Does this while no other process can have the lock; false, and nothing done, where one has it. */
  whileFree(lock: string, act: () => Promise<void>): Promise<boolean>;
  /** Ends the connections that hold a lock and have said nothing for this long: their processes then stop. */
  cut(lock: string, silentMs: number): Promise<void>;
};

export type LeaseTold = {
  /** Once for each thing that is waited for: a database that is away, a worker of the same name that runs. */
  readonly onWaiting: (what: 'database' | 'worker') => void;
  /** Once, when the lease is gone; the process must then stop working at once. */
  readonly onLost: () => void;
};

/** Asks one statement at a time. */
type Ask = (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;

function inTurn(client: pg.Client): Ask {
  let last: Promise<unknown> = Promise.resolve();
  return (text, values = []) => {
    const answer = last.then(() => client.query(text, [...values]));
    last = answer.catch(() => {});
    return answer;
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function isTaken(ask: Ask, how: 'lock' | 'lock_shared', name: string): Promise<boolean> {
  const { rows } = await ask(`select pg_try_advisory_${how}(hashtextextended($1, 0)) as ok`, [name]);
  return rows[0].ok === false;
}

/**
 * One connection that holds both locks; null when the database went away before it had them. It asks again and again
 * instead of waiting inside of a statement: that would keep indexes from being built meanwhile.
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
  // A connection that breaks says so here as well as to whoever waits for its answer, who is told below.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(serverKeepAlive);
    const ask = inTurn(client);
    while (await isTaken(ask, 'lock', workerLock(worker))) {
      onTaken();
      await pause(takenPauseMs);
    }
    while (await isTaken(ask, 'lock_shared', versionLock(version))) await pause(takenPauseMs);
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}

/**
 * Takes the lease of a worker's name, waiting for a predecessor to be gone and for a database that is away to be back,
 * as long as either takes: a session lock of Postgres, so it ends with this process however that dies. Two workers of
 * one name never run at once.
 * @param who the worker's name, and the engine version whose runs it takes.
 * @throws what the database says when it is there and refuses.
 */
export async function takeLease(
  databaseUrl: string,
  who: { readonly worker: string; readonly version: string },
  told: LeaseTold,
): Promise<Lease> {
  const said = new Set<string>();
  const waitFor = (what: 'database' | 'worker') => {
    if (!said.has(what)) told.onWaiting(what);
    said.add(what);
  };
  for (;;) {
    const client = await lock(databaseUrl, who, () => waitFor('worker'));
    if (client !== null) {
      const ask = inTurn(client);
      hold(client, ask, told.onLost);
      return leaseOf(ask);
    }
    waitFor('database');
    await pause(awayPauseMs);
  }
}

function leaseOf(ask: Ask): Lease {
  return {
    async held(locks) {
      const { rows } = await ask(`${holders} order by silent_ms`, [locks]);
      return new Map(rows.map((row) => [row.name, row.silent_ms]));
    },
    async whileFree(name, act) {
      if (await isTaken(ask, 'lock', name)) return false;
      try {
        await act();
      } finally {
        await ask('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
      }
      return true;
    },
    async cut(name, silentMs) {
      await ask(`select pg_terminate_backend(pid) from (${holders}) as h where silent_ms > $2`, [
        [name],
        silentMs,
      ]);
    },
  };
}

function hold(client: pg.Client, ask: Ask, onLost: () => void): void {
  // Not the time of day: setting that must cost no worker its life.
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
    ask('select 1').then(() => {
      answeredAt = performance.now();
    }, lose);
  }, keepAliveMs);
  timer.unref();
  client.on('error', lose);
  client.on('end', lose);
}
