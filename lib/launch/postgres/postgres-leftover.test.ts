import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { startOwnDatabase } from '@/testing/db/own-database';
import { ofThisFile } from '@/testing/db/test-file-database';
import { stopLeftoverPostgres } from './postgres-leftover';

/*
 * A real server whose shutdown time the test controls: its checkpointer is frozen, as on a slow disk. Its supervisor
 * restarts it whenever it ends.
 */

const database = ofThisFile(startOwnDatabase);
const data = () => join(database().server.home, 'postgres');
const postmaster = () => Number(readFileSync(join(data(), 'postmaster.pid'), 'utf8').split('\n')[0]);
const patience = { beginMs: 60_000, fastMs: 60_000, immediateMs: 60_000, tellMs: 1 };

let frozen: number | null = null;
afterEach(() => {
  if (frozen !== null) process.kill(frozen, 'SIGCONT');
  frozen = null;
});

async function query(text: string) {
  const client = new pg.Client(database().url);
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

function freezeCheckpointer(): number {
  const list = execFileSync('ps', ['-o', 'pid=,command=', '--ppid', String(postmaster())], {
    encoding: 'utf8',
  });
  const pid = Number(/(\d+) postgres: checkpointer/.exec(list)?.[1]);
  process.kill(pid, 'SIGSTOP');
  frozen = pid;
  return pid;
}

/**
 * Returns whether a frozen process will get SIGQUIT (3) when it continues:
 * https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
function isQuitPending(pid: number): boolean {
  const pending = /^ShdPnd:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number.parseInt(pending ?? '', 16) & (1 << (3 - 1))) !== 0;
}

/** Records progress messages, each as an event of its kind. */
function listener() {
  const said = new EventEmitter();
  const lines: string[] = [];
  const say = (text: string) => {
    lines.push(text);
    said.emit(
      text.includes('still shutting down')
        ? 'shutting down'
        : text.includes('immediately')
          ? 'immediately'
          : 'other',
    );
  };
  return { said, lines, say };
}

test('waits while the server reports that it is shutting down, and reports that', async () => {
  await query('create table note as select 1 as id');
  const before = postmaster();
  const checkpointer = freezeCheckpointer();
  const { said, lines, say } = listener();
  const told = once(said, 'shutting down');
  const stopped = stopLeftoverPostgres(data(), say, patience);
  await told;
  expect(postmaster()).toBe(before);
  process.kill(checkpointer, 'SIGCONT');
  frozen = null;
  await stopped;
  expect(lines.join('\n')).not.toContain('immediately');
  await expect
    .poll(() => query('select id from note').catch(() => null), { timeout: 20_000 })
    .toEqual([{ id: 1 }]);
});

test('shuts down a slow server immediately, and loses nothing that was committed', async () => {
  await query('create table kept as select 2 as id');
  const before = postmaster();
  const checkpointer = freezeCheckpointer();
  const { said, lines, say } = listener();
  const isTold = once(said, 'immediately');
  const stopped = stopLeftoverPostgres(data(), say, { ...patience, fastMs: 100 });
  await isTold;
  // The server kills processes that have not quit after 5 s; the frozen one quits immediately when it continues.
  await expect.poll(() => isQuitPending(checkpointer), { timeout: 20_000, interval: 20 }).toBe(true);
  process.kill(checkpointer, 'SIGCONT');
  frozen = null;
  await stopped;
  expect(lines.join('\n')).toMatch(/still shutting down[\s\S]*shut down immediately/);
  await expect
    .poll(() => query('select id from kept').catch(() => null), { timeout: 20_000 })
    .toEqual([{ id: 2 }]);
  expect(postmaster()).not.toBe(before);
});
