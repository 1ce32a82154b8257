import { mayUseEverywhere } from '@/lib/policy/access';
import 'server-only';
import { z } from 'zod';
import type { Change } from '@/lib/client/views';
import { invariant } from '@/lib/invariant';
import { isStillSignedIn } from '@/lib/server/auth/find-actor';
import { requestCaller } from '@/lib/server/request-actor';
import { query } from '@/lib/server/verb';
import { webProcess } from '@/lib/server/web-process';
import { type ChangeFeed, createChangeFeed } from './change-feed';

/** Proxies close connections after a minute of silence. */
const heartbeatMs = 15_000;
/** The reconnect delay for the browser after the stream breaks. */
const retryMs = 2000;
/**
 * The maximum number of unread writes. A page that is further behind is disconnected: it reconnects and refetches
 * everything.
 */
const unreadMax = 20;

const encoder = new TextEncoder();
const message = (change: Change) => `data: ${JSON.stringify(change)}\n\n`;

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Disables compression and buffering on the way: each message must arrive at once.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/**
 * Streams the changes of a feed as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html),
 * one `Change` in JSON each, until the browser disconnects or the feed closes. 503 when the feed is full; the browser
 * retries.
 * @param tell returns what the page learns of a batch of changes
 * @param isPermitted returns whether the page may still listen; asked with each heartbeat
 */
export function streamChanges(
  feed: ChangeFeed,
  signal: AbortSignal,
  tell: (changes: readonly Change[]) => readonly Change[] = (changes) => changes,
  isPermitted: () => Promise<boolean> = async () => true,
): Response {
  let leave: () => void = () => {};
  let isTaken = false;
  let hasEnded = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => {
        if ((controller.desiredSize ?? 0) < -unreadMax) end();
        else controller.enqueue(encoder.encode(text));
      };
      const end = () => {
        if (hasEnded) return;
        hasEnded = true;
        leave();
        controller.close();
      };
      write(`retry: ${retryMs}\n\n`);
      const notify = (changes: readonly Change[]) => write(tell(changes).map(message).join(''));
      const unsubscribe = feed.subscribe({ notify, end });
      if (unsubscribe === null) return;
      isTaken = true;
      const heartbeat = setInterval(() => {
        write(':\n\n');
        // If it can't be read, the page connects again, which asks in full.
        void isPermitted().then((isStill) => (isStill ? undefined : end()), end);
      }, heartbeatMs);
      leave = () => {
        clearInterval(heartbeat);
        signal.removeEventListener('abort', end);
        unsubscribe();
      };
      signal.addEventListener('abort', end);
    },
    cancel: () => {
      hasEnded = true;
      leave();
    },
  });
  if (isTaken) return new Response(body, { headers });
  return Response.json({ error: 'changes.full' }, { status: 503, headers: { 'Retry-After': '15' } });
}

/**
 * On `globalThis`, because Next may load this module more than once in a process, and the server's own program loads
 * it, too.
 */
const holder = globalThis as typeof globalThis & { spillwayChanges?: ChangeFeed };

function createFeed(): ChangeFeed {
  const { settings, log } = webProcess();
  invariant(settings.DATABASE_URL !== undefined, 'the launcher gives the dashboard its database');
  return createChangeFeed(settings.DATABASE_URL, log);
}

/** Returns the one change feed of this web process. */
export function webChanges(): ChangeFeed {
  holder.spillwayChanges ??= createFeed();
  return holder.spillwayChanges;
}

/** Someone with limits learns that something has changed, not what: their pages read again what they may see. */
export const tellLittle = (): readonly Change[] => [{ kind: 'anything' }];

/** Returns the stream of changes of this web process, until the signal aborts. */
export const getChangeStream = query(
  'change.follow',
  z.instanceof(AbortSignal),
  'all',
  async (signal, { access }) => {
    const caller = requestCaller();
    const isPermitted = async () => caller === undefined || isStillSignedIn(caller);
    const tell = mayUseEverywhere(access, 'change.follow') ? undefined : tellLittle;
    return streamChanges(webChanges(), signal, tell, isPermitted);
  },
);
