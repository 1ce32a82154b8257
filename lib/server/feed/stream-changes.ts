import 'server-only';
import type { Change } from '@/lib/client/views';
import type { ChangeFeed } from './change-feed';

/** Proxies close connections that are silent for a minute. */
const heartbeatMs = 15_000;
/** The delay before the browser should reconnect after the stream broke. */
const retryMs = 2000;
/**
 * The maximum number of unread writes. A page that is this far behind is disconnected: it reconnects, and reads
 * everything again.
 */
const unreadMax = 20;

const encoder = new TextEncoder();
const message = (change: Change) => `data: ${JSON.stringify(change)}\n\n`;

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Neither compressed nor buffered on its way: each message must arrive at once.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/**
 * Streams the changes of a feed as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html),
 * one `Change` in JSON each, until the browser disconnects or the feed closes. 503 when the feed is full: the browser
 * then retries on its own.
 */
export function streamChanges(feed: ChangeFeed, signal: AbortSignal): Response {
  let leave: () => void = () => {};
  let isTaken = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => {
        if ((controller.desiredSize ?? 0) < -unreadMax) end();
        else controller.enqueue(encoder.encode(text));
      };
      const end = () => {
        leave();
        controller.close();
      };
      write(`retry: ${retryMs}\n\n`);
      const unsubscribe = feed.subscribe({ tell: (changes) => write(changes.map(message).join('')), end });
      if (unsubscribe === null) return;
      isTaken = true;
      const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs);
      leave = () => {
        clearInterval(heartbeat);
        signal.removeEventListener('abort', end);
        unsubscribe();
      };
      signal.addEventListener('abort', end);
    },
    cancel: () => leave(),
  });
  if (isTaken) return new Response(body, { headers });
  return Response.json({ error: 'changes.full' }, { status: 503, headers: { 'Retry-After': '15' } });
}
