import 'server-only';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Change } from '@/lib/client/views';
import { coalesce } from './coalesce';
import { listen } from './listen';

/** As the triggers of the migration `notify` tell them. */
const channel = 'spillway';
const Told = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['run', 'estate', 'deployment', 'trials', 'plan', 'round', 'drift']),
    id: z.string().min(1),
  }),
  z.object({ kind: z.enum(['schedule', 'policy', 'switches']) }),
]);

/** Fast enough to watch a run step by step; a page reads anew for each. */
const pauseMs = 100;
/** Pages that are looked at, of one small server: far more than people who divert traffic. */
const subscribersMax = 200;

type Subscriber = {
  /** Changes in one go; never more often than ten times a second. */
  readonly tell: (changes: readonly Change[]) => void;
  /** Once, when the feed closes: nothing more will be told. */
  readonly end: () => void;
};

export type ChangeFeed = {
  /**
   * Tells of every change from now on, first of all that anything may have changed before.
   * @returns takes the subscriber off; null, and nothing done, when the feed is closed or has all it can take
   */
  subscribe(subscriber: Subscriber): (() => void) | null;
  /** Ends all subscribers and the connection. */
  close(): void;
};

/** What a message says. A kind that this build does not know comes from a newer one that shares the database. */
function changeOf(payload: string): Change {
  try {
    const told = Told.safeParse(JSON.parse(payload));
    if (told.success) return told.data;
  } catch {
    // Anyone may write to the channel.
  }
  return { kind: 'anything' };
}

/**
 * Changes in the database, as its triggers tell them over one listening connection, for any number of subscribers. It is
 * opened with the first of them. When it breaks it is made anew, and then all are told that anything may have changed.
 */
export function createChangeFeed(databaseUrl: string, log: Logger): ChangeFeed {
  const subscribers = new Map<Subscriber, ReturnType<typeof coalesce>>();
  let listener: ReturnType<typeof listen> | undefined;
  let isListening = false;
  let isClosed = false;

  const tellAll = (change: Change) => {
    for (const mailbox of subscribers.values()) mailbox.push(change);
  };
  const open = () =>
    listen(databaseUrl, channel, {
      onListening: () => {
        isListening = true;
        log.debug('listening for changes');
        tellAll({ kind: 'anything' });
      },
      onNotice: (payload) => tellAll(changeOf(payload)),
      onBroken: (err) => {
        isListening = false;
        log.warn({ err }, 'changes are not heard for now; pages still ask by themselves');
      },
    });

  return {
    subscribe(subscriber) {
      if (isClosed || subscribers.size >= subscribersMax) return null;
      listener ??= open();
      const mailbox = coalesce(subscriber.tell, pauseMs);
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
