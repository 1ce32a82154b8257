import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ProcessOutput, type SupervisedService, supervise } from './supervise';

const said = new EventEmitter();
let running: SupervisedService<number> | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

/** Supervises a Node program that prints `ready PID` when it is ready. */
function start(program: string, stopWithinMs = 5_000): SupervisedService<number> {
  running = supervise<number>({
    name: 'program',
    start: () =>
      spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
    ready: (received: ProcessOutput) =>
      received.kind === 'line' ? Number(/^ready (\d+)$/.exec(received.line)?.[1]) || undefined : undefined,
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

test('restarts a killed process, and stops it on request', async () => {
  const service = start(lives);
  const first = await service.ready;
  const recovered = once(said, 'program is ready again');
  process.kill(first, 'SIGKILL');
  await recovered;
  expect(alive(first)).toBe(false);
  await service.stop();
});

test('restarts a process on request without reporting a failure', async () => {
  const told: string[] = [];
  const seen: string[] = [];
  const ups: number[] = [];
  let changed = () => {};
  running = supervise<number>({
    name: 'program',
    start: () =>
      spawn(process.execPath, ['-e', lives], { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
    ready: (received) =>
      received.kind === 'line' ? Number(/^ready (\d+)$/.exec(received.line)?.[1]) : undefined,
    onUp: (pid) => {
      ups.push(pid);
      changed();
    },
    onStatus: () => seen.push(running?.status().kind ?? 'none'),
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    log: { line: () => {}, say: (text) => void told.push(text) },
  });
  const first = await running.ready;
  const again = new Promise<void>((resolve) => {
    changed = resolve;
  });
  running.restart('its addresses changed');
  await again;
  expect(ups).toEqual([first, expect.any(Number)]);
  expect(alive(first)).toBe(false);
  expect(seen).toEqual(['up', 'starting', 'up']);
  expect(told).toEqual(['restarting program: its addresses changed', 'program is ready again']);
});

test('retries a process that keeps crashing until it is ready', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-supervise-test-'));
  const cure = join(folder, 'cure');
  const told = once(said, 'program ended with code 3; restarting it');
  const service = start(
    `if (require('node:fs').existsSync(${JSON.stringify(cure)})) { ${lives} }
     else { console.error('no such table'); process.exitCode = 3; }`,
  );
  await told;
  await service.tried;
  expect(service.status()).toEqual({
    kind: 'failing',
    since: expect.any(Number),
    tries: 1,
    reason: 'program ended with code 3',
  });
  writeFileSync(cure, '');
  const recovered = once(said, 'program is ready again');
  await service.ready;
  await recovered;
  expect(service.status().kind).toBe('up');
  rmSync(folder, { recursive: true });
});

test('reports the reason that a process sends over its channel for a failed start', async () => {
  const failing = once(said, "program can't start: the file is damaged; restarting it");
  const service = start(
    `process.send({ type: 'failed', reason: 'the file is damaged' }, () => process.exit(1));`,
  );
  await failing;
  expect(service.status()).toMatchObject({ reason: "program can't start: the file is damaged" });
});

test('kills a process that sends malformed messages, without failing itself', async () => {
  let times = 0;
  running = supervise<number>({
    name: 'program',
    start: () =>
      spawn(process.execPath, ['-e', lives], { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
    ready: (received) => {
      times += 1;
      if (times === 1) throw new Error('not JSON');
      return received.kind === 'line' ? 1 : undefined;
    },
    onUp: () => {
      throw new Error('no room on the disk');
    },
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    log: { line: () => {}, say: (text) => void said.emit(text, text) },
  });
  const senseless = once(said, 'program sent an invalid message: not JSON; restarting it');
  const unusable = once(said, 'program sent an invalid message: no room on the disk');
  await senseless;
  expect(running.status()).toMatchObject({ kind: 'failing' });
  await unusable;
  expect(running.status().kind).toBe('up');
});

test('kills a process that does not stop, and its children with it', async () => {
  const child = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log('ready', server.address().port));`;
  const service = start(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);
     require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`,
    50,
  );
  // The system closes a connection to the grandchild when that process has ended.
  const connection = connect(await service.ready, '127.0.0.1');
  await once(connection, 'connect');
  const closed = new Promise((resolve) => connection.once('close', resolve));
  connection.on('error', () => {});
  await service.stop();
  await closed;
});

test('immediately reports a process that can’t be started, and retries until it is stopped', async () => {
  const told: string[] = [];
  const twice = new Promise<void>((resolve) => {
    running = supervise<number>({
      name: 'program',
      start: () => spawn('/nonexistent/program', [], { stdio: 'pipe' }),
      ready: () => undefined,
      stopSignal: 'SIGTERM',
      stopWithinMs: 100,
      log: { line: () => {}, say: (text) => told.push(text) === 2 && resolve() },
    });
  });
  await twice;
  expect(new Set(told)).toEqual(
    new Set(['program could not be started: spawn /nonexistent/program ENOENT; restarting it']),
  );
});

test('stops without waiting for the preparation of a start', async () => {
  const service = supervise<number>({
    name: 'program',
    prepare: () => new Promise(() => {}),
    start: () => {
      throw new Error('never');
    },
    ready: () => undefined,
    stopSignal: 'SIGTERM',
    stopWithinMs: 100,
    log: { line: () => {}, say: () => {} },
  });
  await service.stop();
  expect(service.status().kind).toBe('starting');
});
