import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';

/*
 * Tests two assumptions against the real Next: the key that a process is started with encrypts, not the one of the
 * build; and the key of the build decides the ids of its actions, so those of a later release are unknown to this one.
 * Spillway's own pages have nothing to encrypt, so the test uses a page with one action that stores a word.
 */

const root = resolve(import.meta.dirname, '../..');
mkdirSync(join(root, '.build'), { recursive: true });
// Below the project folder, so that packages are found.
const app = mkdtempSync(join(root, '.build/actions-key-'));
const servers: ChildProcess[] = [];
let ids: readonly string[] = [];
const newKey = () => randomBytes(32).toString('base64');

const files = {
  'package.json': '{"type":"module"}',
  'next.config.js': 'export default { distDir: process.env.TEST_DIST };',
  'app/layout.jsx': 'export default ({ children }) => <html><body>{children}</body></html>;',
  'app/page.jsx': `
    import { redirect } from 'next/navigation';
    export default async function Page({ searchParams }) {
      const { word } = await searchParams;
      async function act() { 'use server'; redirect('/heard/' + word); }
      return <form action={act}><button>Say it</button></form>;
    }`,
};

function next(key: string, dist: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['node_modules/next/dist/bin/next', ...args], {
    cwd: app,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key,
      TEST_DIST: dist,
    },
    // The server logs the expected error on stderr.
    stdio: ['ignore', 'pipe', args.includes('build') ? 'inherit' : 'ignore'],
  });
}

/** Starts a server of one build, with its own key. @returns its address */
async function serve(key: string): Promise<string> {
  const server = next(key, '.next', 'start', '--port', '0', '--hostname', '127.0.0.1');
  servers.push(server);
  if (server.stdout) {
    for await (const line of createInterface({ input: server.stdout })) {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (address) return address[0];
    }
  }
  throw new Error('Next did not start');
}

/** Builds the app with its own key. @returns the ids of its actions */
async function build(dist: string): Promise<readonly string[]> {
  const building = next(newKey(), dist, 'build');
  building.stdout?.resume();
  expect(await once(building, 'exit')).toEqual([0, null]);
  const manifest = join(app, dist, 'server/server-reference-manifest.json');
  return Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).node);
}

beforeAll(async () => {
  mkdirSync(join(app, 'app'));
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(app, name), text);
  ids = await build('.next');
}, 240_000);

afterAll(async () => {
  for (const server of servers) {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
  rmSync(app, { recursive: true });
});

/** Sends the form of one server's page to another server, as a browser would. */
async function press(page: string, at: string): Promise<Response> {
  const html = await (await fetch(`${page}/?word=flood`)).text();
  const form = new FormData();
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g))
    form.append(name ?? '', (value ?? '').replaceAll('&quot;', '"'));
  expect([...form.keys()].length).toBeGreaterThan(1);
  expect(html).not.toMatch(/type="hidden"[^>]*flood/);
  return fetch(`${at}/?word=other`, { method: 'POST', body: form, redirect: 'manual' });
}

test('a page of one server works on another one with the same key, and not with a different key', async () => {
  const key = newKey();
  const [one, two, stranger] = await Promise.all([serve(key), serve(key), serve(newKey())]);
  expect((await press(one, two)).headers.get('location')).toBe('/heard/flood');
  const refused = await press(one, stranger);
  expect(refused.headers.get('location')).toBeNull();
  expect(refused.status).toBe(500);
});

test('a build with another key has other action ids', async () => {
  const others = await build('.later');
  expect(ids).toHaveLength(1);
  expect(others).toHaveLength(1);
  expect(others).not.toEqual(ids);
}, 240_000);
