import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { fullJitterMs } from '@/lib/backoff';

const answerWithinMs = 5000;
/** A connection that only listens would not notice on its own that the other side has disconnected or is frozen. */
const checkEveryMs = 15_000;
const againAfter = { baseMs: 250, capMs: 10_000 };

export type ListenTold = {
  /** Called each time the connection has opened: earlier notifications were missed. */
  readonly onListening: () => void;
  readonly onNotice: (payload: string) => void;
  /** Called once each time that it breaks, however often reopening it then fails. */
  readonly onBroken: (error: unknown) => void;
};

/**
 * Listens on a channel of the database (LISTEN) over one connection, which is reopened whenever it breaks.
 * @param channel a plain lower-case name
 */
export function listenToDatabase(databaseUrl: string, channel: string, told: ListenTold): { close(): void } {
  let isClosed = false;
  let client: pg.Client | undefined;

  async function listenOnce(onListening: () => void): Promise<void> {
    const own = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'spillway changes',
      keepAlive: true,
      connectionTimeoutMillis: answerWithinMs,
      query_timeout: answerWithinMs,
    });
    client = own;
    const broken = new Promise<never>((_, reject) => {
      own.on('error', reject);
      own.on('end', () => reject(new Error('the listening connection has ended')));
    });
    own.on('notification', ({ payload }) => told.onNotice(payload ?? ''));
    const work = async () => {
      await own.connect();
      await own.query(`listen ${channel}`);
      onListening();
      for (;;) {
        await sleep(checkEveryMs, undefined, { ref: false });
        await own.query('select 1');
      }
    };
    try {
      await Promise.race([work(), broken]);
    } finally {
      void own.end().catch(() => {});
    }
  }

  async function keepListening(): Promise<void> {
    let failures = 0;
    while (!isClosed) {
      try {
        await listenOnce(() => {
          failures = 0;
          if (!isClosed) told.onListening();
        });
      } catch (error) {
        if (!isClosed && failures === 0) told.onBroken(error);
      }
      failures += 1;
      await sleep(fullJitterMs(failures, againAfter, Math.random), undefined, { ref: false });
    }
  }

  void keepListening();
  return {
    close() {
      isClosed = true;
      void client?.end().catch(() => {});
    },
  };
}
