import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { EventSource, setGlobalOrigin } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { followChanges } from '@/lib/client/live-changes';
import type { Change } from '@/lib/contract/change';
import { RunId } from '@/lib/run/model/run-id';
import { type ChangeFeed, createChangeFeed } from '@/lib/store/change-feed';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { streamChanges, tellLittle } from './stream-changes';

/* Tests the path from the database over real HTTP to a page. Only the page's visibility is simulated. */

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const soon = { timeout: 20_000 };
vi.setConfig({ testTimeout: 60_000 });
const anything: Change = { kind: 'anything' };
const run: Change = { kind: 'run', id: RunId.parse('R-0001') };

let database: TestDatabase;
let feed: ChangeFeed;
let server: Server;
let open = 0;

beforeAll(async () => {
  database = await startTestDatabase();
  vi.stubGlobal('EventSource', EventSource);
  vi.stubGlobal('document', page);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  setGlobalOrigin(undefined);
  await database.stop();
});

beforeEach(async () => {
  feed = createChangeFeed(database.url, pino({ level: 'silent' }));
  server = createServer((_request, response) => {
    const left = new AbortController();
    open += 1;
    response.once('close', () => {
      open -= 1;
      left.abort();
    });
    const answer = streamChanges(feed, left.signal);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) Readable.fromWeb(answer.body as NodeStream).pipe(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  setGlobalOrigin(address());
});
afterEach(async () => {
  feed.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const change = () => database.db.execute(sql`select pg_notify('spillway', ${JSON.stringify(run)})`);
function show(visibilityState: 'visible' | 'hidden'): void {
  Object.assign(page, { visibilityState });
  page.dispatchEvent(new Event('visibilitychange'));
}

it('delivers changes to a page, which closes the stream when it is done', async () => {
  const received: Change[] = [];
  const stop = followChanges((one) => received.push(one));
  await expect.poll(() => received, soon).toEqual([anything]);
  await change();
  await expect.poll(() => received, soon).toEqual([anything, run]);
  stop();
  await expect.poll(() => open, soon).toBe(0);
});

it('is closed by a hidden page, and begins with a change of anything when the page is shown again', async () => {
  const received: Change[] = [];
  const stop = followChanges((one) => received.push(one));
  await expect.poll(() => received, soon).toEqual([anything]);
  show('hidden');
  await expect.poll(() => open, soon).toBe(0);
  show('visible');
  await expect.poll(() => received, soon).toEqual([anything, anything]);
  stop();
});

it('is reopened by the browser after it breaks', async () => {
  const received: Change[] = [];
  const stop = followChanges((one) => received.push(one));
  await expect.poll(() => received, soon).toEqual([anything]);
  server.closeAllConnections();
  await expect.poll(() => received, soon).toEqual([anything, anything]);
  await change();
  await expect.poll(() => received, soon).toEqual([anything, anything, run]);
  stop();
});

it('is an uncompressed event stream that ends with the feed, and is refused afterwards', async () => {
  const answer = await fetch(address());
  expect(answer.headers.get('content-type')).toMatch('text/event-stream');
  expect(answer.headers.get('cache-control')).toMatch('no-transform');
  expect(answer.headers.get('x-accel-buffering')).toBe('no');
  const reading = answer.text();
  feed.close();
  expect(await reading).toMatch(/^retry: \d+\n\n/);
  expect((await fetch(address())).status).toBe(503);
});

it('disconnects a page that does not read', async () => {
  const left = new AbortController();
  const received: Change[] = [];
  feed.subscribe({ owner: null, notify: (changes) => received.push(...changes), end: () => {} });
  await expect.poll(() => received, soon).toEqual([anything]);
  const answer = streamChanges(feed, left.signal);
  // As many as may be unread, each sent separately: the next one after the last was received.
  for (let sent = 1; sent <= 30; sent++) {
    await change();
    await expect.poll(() => received.length, { ...soon, interval: 10 }).toBe(1 + sent);
  }
  const text = await answer.text();
  expect(text.split('data:').length).toBeLessThan(30);
});

it('ends within 3 s for someone who may no longer listen', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let isPermitted = true;
    const permit = vi.fn(async () => isPermitted);
    const answer = streamChanges(feed, new AbortController().signal, { isPermitted: permit });
    const reading = answer.text();
    vi.advanceTimersByTime(15_000);
    await expect.poll(() => permit.mock.calls.length, soon).toBe(5);
    isPermitted = false;
    vi.advanceTimersByTime(3000);
    expect(await reading).toMatch(/:\n\n/);
    vi.advanceTimersByTime(60_000);
    expect(permit).toHaveBeenCalledTimes(6);
  } finally {
    vi.useRealTimers();
  }
});

it('tells a page of someone with limits only that something has changed', async () => {
  const received: Change[] = [];
  const left = new AbortController();
  const answer = streamChanges(feed, left.signal, { tell: tellLittle });
  const reading = (async () => {
    for await (const chunk of answer.body ?? [])
      for (const [, data] of new TextDecoder().decode(chunk).matchAll(/data: (.*)\n/g))
        received.push(JSON.parse(data ?? ''));
  })();
  await expect.poll(() => received, soon).toEqual([anything]);
  await change();
  await expect.poll(() => received, soon).toEqual([anything, anything]);
  left.abort();
  await reading;
});
