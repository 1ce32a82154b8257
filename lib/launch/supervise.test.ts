import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Said, type Service, supervise } from './supervise';

const said = new EventEmitter();
let running: Service<number> | null = null;
afterEach(async () => {
  await running?.stop();
});

/** Supervises a Node program that says `ready PID` when it is up. */
function start(program: string, stopWithinMs = 5_000): Service<number> {
  running = supervise<number>({
    name: 'program',
    start: () =>
      spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
    ready: (heard: Said) =>
      heard.kind === 'line' ? Number(/^ready (\d+)$/.exec(heard.line)?.[1]) || undefined : undefined,
    stopSignal: 'SIGTERM',
    stopWithinMs,
    log: { line: () => {}, say: (text) => void said.emit(text, text) },
  });
  return running;
}
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const lives = `console.log('ready', process.pid); setInterval(() => {}, 1000);`;

test('what was killed is back, and stops when asked', async () => {
  const service = start(lives);
  const first = await service.ready;
  const mended = once(said, 'program is up again');
  process.kill(first, 'SIGKILL');
  await mended;
  expect(alive(first)).toBe(false);
  await service.stop();
});

test('what keeps falling is given up, with its last words', async () => {
  const service = start(`console.error('no such table'); process.exit(3);`);
  await expect(service.ready).rejects.toThrow(/program ended with code 3, again and again.*no such table/s);
  await expect(service.broken).rejects.toThrow('again and again');
}, 20_000);

test('what does not stop is killed, and its children with it', async () => {
  const child = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log('ready', server.address().port));`;
  const service = start(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);
     require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`,
    50,
  );
  // The system closes a connection to the child's child when that one is gone.
  const connection = connect(await service.ready, '127.0.0.1');
  await once(connection, 'connect');
  const closed = new Promise((resolve) => connection.once('close', resolve));
  connection.on('error', () => {});
  await service.stop();
  await closed;
});

test('what can’t be started is said at once', async () => {
  const service = supervise({
    name: 'program',
    start: () => spawn('/nonexistent/program', [], { stdio: 'pipe' }),
    ready: () => undefined,
    stopSignal: 'SIGTERM',
    stopWithinMs: 100,
    log: { line: () => {}, say: () => {} },
  });
  await expect(service.ready).rejects.toThrow(
    'program could not be started: spawn /nonexistent/program ENOENT',
  );
  await service.stop();
});
