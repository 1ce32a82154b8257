import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

export class LockHeldError extends Error {
  constructor(file, pid) {
    super(`${file} is held by process ${pid}`);
    this.pid = pid;
  }
}

export function takePidLock(file) {
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  // Written to another file first and then linked, so that the lock file appears atomically.
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (;;) {
      if (link(draft, file)) return () => release(file, mine);
      const held = read(file);
      if (held === null) continue;
      const [pid, start] = split(held);
      if (startOf(pid) === start) throw new LockHeldError(file, pid);
      removeStale(file, held);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function release(file, mine) {
  if (read(file) === mine) rmSync(file, { force: true });
}

/**
 * Removes a stale lock. Two processes may both find it stale, and the slower one must not remove the new lock of the
 * faster one.
 */
function removeStale(file, stale) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== stale) link(aside, file);
  rmSync(aside, { force: true });
}

function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function split(text) {
  const [pid, ...start] = text.trim().split(' ');
  return [Number(pid), start.join(' ')];
}

/**
 * Returns the start time of a process, which distinguishes two processes with the same id; null if the process doesn't
 * exist.
 */
function startOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    if (process.platform === 'linux') {
      // The fields after the command's name (which may contain spaces and brackets); `starttime` is the 22nd of all:
      // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') return null;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
    }
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return started.trim() || null;
  } catch {
    // No such process: /proc has no entry, `ps` exits with 1.
    return null;
  }
}
