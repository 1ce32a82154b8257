import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** A web server with several workers and a bounded queue, as the capacity model has them. */
export type QueueingServer = {
  /** The real durations of requests without their waits, and the waits of those that were accepted, in seconds. */
  readonly tookS: readonly number[];
  readonly waitedS: readonly number[];
  stop(): void;
};

/**
 * Starts a web server that works on as many requests at once as it has workers, lets others wait in their order, and
 * responds 503 beyond its places.
 * @param service returns the duration of a request, in seconds
 */
export async function startQueueingServer(
  at: { readonly host: string; readonly port: number },
  { workers, places, service }: { readonly workers: number; readonly places: number; service(): number },
): Promise<QueueingServer> {
  const [tookS, waitedS]: [number[], number[]] = [[], []];
  const waiting: { readonly response: ServerResponse; readonly sinceMs: number }[] = [];
  let busy = 0;
  const work = (response: ServerResponse, sinceMs: number) => {
    busy += 1;
    const startMs = performance.now();
    waitedS.push((startMs - sinceMs) / 1000);
    setTimeout(() => {
      busy -= 1;
      tookS.push((performance.now() - startMs) / 1000);
      response.end('done');
      const next = waiting.shift();
      if (next !== undefined) work(next.response, next.sinceMs);
    }, service() * 1000);
  };
  const server = createServer((_, response) => {
    if (busy < workers) work(response, performance.now());
    else if (waiting.length < places) waiting.push({ response, sinceMs: performance.now() });
    else response.writeHead(503).end();
  });
  await once(server.listen(at.port, at.host), 'listening');
  return {
    tookS,
    waitedS,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
