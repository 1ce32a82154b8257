import 'server-only';
import { z } from 'zod';
import type { Change } from '@/lib/contract/change';
import { invariant } from '@/lib/invariant';
import { mayUseEverywhere } from '@/lib/policy/access';
import { callerCheck, type IdentifiedActor, requestCaller } from '@/lib/server/request-actor';
import { query } from '@/lib/server/verb';
import { type ChangeFeed, createChangeFeed } from '@/lib/store/change-feed';
import { webProcess } from '@/lib/store/web-process';

/** Proxies close connections after a minute of silence. */
const heartbeatMs = 15_000;
/** The interval at which a stream checks its credential. */
const permittedEveryMs = 3000;
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

/** The owner of a stream, as in `Subscriber`, and what they may learn. */
type Listener = {
  readonly owner?: string | null;
  readonly tell?: ((changes: readonly Change[]) => readonly Change[]) | undefined;
  readonly isPermitted?: () => Promise<boolean>;
};

/**
 * Streams the changes of a feed as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html),
 * one `Change` in JSON each, until the browser disconnects or the feed closes. 503 when the feed is full, 429 when its
 * owner follows too many; the browser retries.
 * @param listener its owner; `tell` returns what the page learns of a batch of changes, and `isPermitted` whether
 * it may still listen, which is asked every 3 s
 */
export function streamChanges(
  feed: ChangeFeed,
  signal: AbortSignal,
  { owner = null, tell = (changes) => changes, isPermitted = async () => true }: Listener = {},
): Response {
  let leave: () => void = () => {};
  let refusedAs: 'full' | 'tooMany' | null = null;
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
      const unsubscribe = feed.subscribe({ owner, notify, end });
      if (typeof unsubscribe === 'string') {
        refusedAs = unsubscribe;
        return;
      }
      const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs);
      // If it can't be read, the page connects again, which asks in full.
      const check = () => void isPermitted().then((isStill) => (isStill ? undefined : end()), end);
      const checking = setInterval(check, permittedEveryMs);
      leave = () => {
        clearInterval(heartbeat);
        clearInterval(checking);
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
  if (refusedAs === null) return new Response(body, { headers });
  const status = refusedAs === 'full' ? 503 : 429;
  return Response.json({ error: `changes.${refusedAs}` }, { status, headers: { 'Retry-After': '15' } });
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

/** Returns the owner by whom streams are counted: a person in all their browsers, or an API token. */
function findOwner({ session, token }: IdentifiedActor): string | null {
  if (token !== undefined) return `token ${token.id}`;
  return session === undefined ? null : `person ${session.userId}`;
}

/** Returns the stream of changes of this web process, until the signal aborts or the credential of the caller ends. */
export const getChangeStream = query(
  'change.follow',
  z.instanceof(AbortSignal),
  'all',
  async (signal, { access }) => {
    const caller = requestCaller();
    const tell = mayUseEverywhere(access, 'change.follow') ? undefined : tellLittle;
    const owner = caller === undefined ? null : findOwner(caller);
    return streamChanges(webChanges(), signal, { owner, tell, isPermitted: callerCheck() });
  },
);
