import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

/*
 * A parent that is killed, and a child started as by the launcher. The test is not the child's parent, so it detects
 * the child's end by a connection that the system then closes.
 */

const folder = mkdtempSync(join(tmpdir(), 'spillway-orphan-test-'));
const socket = join(folder, 'socket');
let server: Server;

const parent = `
import { spawnProgram } from ${JSON.stringify(join(import.meta.dirname, 'spawn-program.ts'))};
const child = spawnProgram(process.argv[2], 'child', [process.argv[3], process.argv[4]], process.env);
child.stdout.resume();
child.stderr.resume();
`;
/** Logs endlessly, ends like our processes, and reports its state over its connection. */
const child = `
import { connect } from 'node:net';
import { createLog } from ${JSON.stringify(resolve(import.meta.dirname, '../../log/log.ts'))};
import { onStop } from ${JSON.stringify(resolve(import.meta.dirname, '../launched.ts'))};
const [path, how] = process.argv.slice(2);
const log = createLog('child', 'info');
onStop(how === 'stuck' ? () => new Promise(() => {}) : async () => log.info('stopping'));
const test = connect(path, () => test.write(process.pid + ' up\\n'));
if (how === 'busy') test.once('data', () => { for (;;); });
const write = () => {
  for (let line = 0; line < 200; line += 1) log.info('x'.repeat(1000));
  if (process.stdout.writableLength > 0) test.write(process.pid + ' waits\\n');
  setImmediate(write);
};
write();
`;

beforeAll(async () => {
  mkdirSync(join(folder, '.build'));
  const programs = { '.build/child': child, parent };
  for (const [name, contents] of Object.entries(programs)) {
    await build({
      stdin: { contents, resolveDir: resolve(import.meta.dirname, '../../..'), loader: 'ts' },
      outfile: join(folder, `${name}.mjs`),
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: {
        js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
      },
    });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  server = createServer().listen(socket);
  await once(server, 'listening');
});
afterEach(() => server.close());

/**
 * Starts both. @returns the parent, the connection to the child, and a function that resolves with the child's id when
 * the child sends a word
 */
async function start(how: 'stops' | 'stuck' | 'busy') {
  const launcher = spawn(process.execPath, [join(folder, 'parent.mjs'), folder, socket, how], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [connection]: Socket[] = await once(server, 'connection');
  if (connection === undefined) throw new Error('a connection comes with its event');
  connection.on('error', () => {});
  const closed = once(connection, 'close');
  const lines = createInterface({ input: connection });
  const says = (word: string) =>
    new Promise<number>((resolve) => {
      lines.on('line', (line) => line.endsWith(word) && resolve(Number(line.split(' ')[0])));
    });
  return { launcher, connection, closed, says };
}

test('ends when its launcher is killed after it stopped reading the log', async () => {
  const { launcher, closed, says } = await start('stops');
  await says('up');
  launcher.kill('SIGSTOP');
  // The pipe is full, and the child continues.
  await says('waits');
  launcher.kill('SIGKILL');
  await closed;
});

test('ends when its launcher is killed, even if its orderly stop hangs', async () => {
  const { launcher, closed, says } = await start('stuck');
  await says('up');
  launcher.kill('SIGKILL');
  await closed;
});

test('is killed when it is frozen', async () => {
  const { launcher, closed, says } = await start('stops');
  process.kill(await says('up'), 'SIGSTOP');
  launcher.kill('SIGKILL');
  await closed;
});

test('is killed when its thread is blocked', async () => {
  const { launcher, connection, closed, says } = await start('busy');
  await says('up');
  connection.write('go\n');
  launcher.kill('SIGKILL');
  await closed;
  expect(launcher.exitCode).toBe(null);
});
