import { type ChildProcess, spawn } from 'node:child_process';
import type { Identity } from './postgres-owner';

/** A step in ending the guarded process, `afterS` seconds after the step before it. */
type Ending = { readonly signal: 'INT' | 'QUIT' | 'KILL'; readonly afterS: number };

/**
 * Ends a child when this process has ended, for whatever reason. Most children notice on their own, when their channel
 * closes; this also covers one that can't (Postgres has no channel) or no longer does (it is frozen, or its event loop
 * is blocked). A small shell waits for the end of its input, which the system closes with this process.
 * @param target the process, or its whole group
 * @param endings in their order; together they take less than two seconds
 * @param as the user that the shell runs as, if it is not this one
 */
export function guardProcess(
  child: ChildProcess,
  target: 'process' | 'group',
  endings: readonly Ending[],
  as: Partial<Identity> = {},
): void {
  if (child.pid === undefined) return;
  // `-s` and `--`: dash accepts the number of a group in no other way.
  const steps = endings.map(({ signal, afterS }) => `sleep ${afterS}; kill -s ${signal} -- "$1"`);
  const shell = spawn(
    '/bin/sh',
    ['-c', ['read -r _', ...steps].join('; '), 'sh', String(target === 'group' ? -child.pid : child.pid)],
    {
      ...as,
      env: { NODE_ENV: 'production', PATH: '/usr/bin:/bin' },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  // A guard that cannot be started, for lack of processes or memory, must not end what it would guard.
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  // Neither of them may keep this process alive.
  shell.unref();
  child.once('exit', () => shell.kill('SIGKILL'));
}
