import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Change } from '@/lib/contract/change';
import { RunId } from '@/lib/run/model/run-id';
import { atMostEvery } from '@/lib/timing/at-most-every';
import { fullJitterMs } from '@/lib/timing/backoff';

const answerWithinMs = 5000;
/** An idle listening connection would not detect that the peer has disconnected or hangs. */
const checkEveryMs = 15_000;
const againAfter = { baseMs: 250, capMs: 10_000 };

type ListenHandlers = {
  /** Called after each (re)connect: earlier notifications were missed. */
  readonly onListening: () => void;
  readonly onNotice: (payload: string) => void;
  /** Called once per disconnect, however many reconnects fail afterwards. */
  readonly onBroken: (error: unknown) => void;
};

/**
 * Listens on a channel of the database (LISTEN) over one connection, and reconnects after each disconnect.
 * @param channel a plain lower-case name
 */
function listenToDatabase(databaseUrl: string, channel: string, handlers: ListenHandlers): { close(): void } {
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
    own.on('notification', ({ payload }) => handlers.onNotice(payload ?? ''));
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
          if (!isClosed) handlers.onListening();
        });
      } catch (error) {
        if (!isClosed && failures === 0) handlers.onBroken(error);
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

/** The channel of the triggers `notify_change`. */
const channel = 'spillway';
const Notice = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['run', 'probes']), id: RunId }),
  z.object({
    kind: z.enum([
      'connection',
      'estate',
      'deployment',
      'testInvocations',
      'functions',
      'diversion',
      'plan',
      'round',
      'drift',
      'traffic',
    ]),
    id: z.string().min(1),
  }),
  z.object({ kind: z.enum(['schedule', 'policy', 'switches', 'alerts', 'checklist']) }),
]);

/** Fast enough to follow a run step by step; pages refetch on each notification. */
const pauseMs = 100;
/** The maximum number of open pages on one small server, far above the number of operators. */
const subscribersMax = 200;
/** The maximum number of those of one owner: one person or token must not take the streams of all others. */
const ownMax = 20;

/**
 * The maximum number of different changes per batch. More are reported as `anything`, because reading them one by one
 * would cost more.
 */
const differentMax = 100;

/**
 * Collects changes for one subscriber: sends at most every `pauseMs`, and each change once per batch. The last change
 * of a burst is always sent.
 */
export function coalesce(notify: (changes: readonly Change[]) => void, pauseMs: number) {
  const waiting = new Map<string, Change>();
  const telling = atMostEvery(pauseMs, () => {
    const changes = [...waiting.values()];
    waiting.clear();
    notify(changes);
  });
  return {
    push(change: Change): void {
      const isTooMany = waiting.size >= differentMax;
      if (isTooMany) waiting.clear();
      const received: Change = isTooMany ? { kind: 'anything' } : change;
      waiting.set(JSON.stringify(received), received);
      telling.ask();
    },
    stop: telling.stop,
  };
}

type Subscriber = {
  /** The person or API token, of which there may be so many; null = the user of this machine. */
  readonly owner: string | null;
  /** Receives changes in batches; never more often than ten times a second. */
  readonly notify: (changes: readonly Change[]) => void;
  /** Called once when the feed closes; no notifications follow. */
  readonly end: () => void;
};

export type ChangeFeed = {
  /**
   * Subscribes to all changes from now on, beginning with a message that anything may have changed before.
   * @returns a function that unsubscribes; `full` if the feed is closed or full, `tooMany` if the owner has 20 already
   */
  subscribe(subscriber: Subscriber): (() => void) | 'full' | 'tooMany';
  /** Ends all subscriptions and closes the connection. */
  close(): void;
};

/** Parses a message. An unknown kind comes from a newer build that shares the database. */
function parseChange(payload: string): Change {
  try {
    const received = Notice.safeParse(JSON.parse(payload));
    if (received.success) return received.data;
  } catch {
    // Any database client may write to the channel.
  }
  return { kind: 'anything' };
}

/**
 * Follows changes in the database, which its triggers send over one listening connection, for any number of
 * subscribers. The connection opens with the first subscriber. After a reconnect, all subscribers are notified that
 * anything may have changed.
 */
export function createChangeFeed(databaseUrl: string, log: Logger): ChangeFeed {
  const subscribers = new Map<Subscriber, ReturnType<typeof coalesce>>();
  let listener: ReturnType<typeof listenToDatabase> | undefined;
  let isListening = false;
  let isClosed = false;

  const tellAll = (change: Change) => {
    for (const mailbox of subscribers.values()) mailbox.push(change);
  };
  const open = () =>
    listenToDatabase(databaseUrl, channel, {
      onListening: () => {
        isListening = true;
        log.debug('listening for changes');
        tellAll({ kind: 'anything' });
      },
      onNotice: (payload) => tellAll(parseChange(payload)),
      onBroken: (err) => {
        isListening = false;
        log.warn({ err }, 'changes are not pushed for now; pages still poll');
      },
    });

  return {
    subscribe(subscriber) {
      if (isClosed || subscribers.size >= subscribersMax) return 'full';
      const { owner } = subscriber;
      const own = [...subscribers.keys()].filter((each) => owner !== null && each.owner === owner);
      if (own.length >= ownMax) return 'tooMany';
      listener ??= open();
      const mailbox = coalesce(subscriber.notify, pauseMs);
      subscribers.set(subscriber, mailbox);
      if (isListening) mailbox.push({ kind: 'anything' });
      return () => {
        mailbox.stop();
        subscribers.delete(subscriber);
      };
    },
    close() {
      isClosed = true;
      listener?.close();
      for (const [subscriber, mailbox] of subscribers) {
        mailbox.stop();
        subscriber.end();
      }
      subscribers.clear();
    },
  };
}
