import { type ChildProcess, spawn } from 'node:child_process';
import type { Identity } from './postgres-owner';

/** A step in ending the guarded process, `afterS` seconds after the step before it. */
type Ending = { readonly signal: 'INT' | 'QUIT' | 'KILL'; readonly afterS: number };

/**
 * Ends a child after this process has ended for any reason. Most children exit when their channel closes; this also
 * covers a child that can't (Postgres has no channel) or that is frozen or blocked. A small shell waits for the end of
 * its input, which the system closes with this process.
 * @param target the process, or its whole group
 * @param endings in order; together they take less than two seconds
 * @param as the user that the shell runs as, if not the current one
 */
export function guardProcess(
  child: ChildProcess,
  target: 'process' | 'group',
  endings: readonly Ending[],
  as: Partial<Identity> = {},
): void {
  if (child.pid === undefined) return;
  // `-s` and `--`: the only form in which dash accepts a process group.
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
  // A guard that can't be started, for lack of processes or memory, must not end the child.
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  // Neither of them may keep this process alive.
  shell.unref();
  child.once('exit', () => shell.kill('SIGKILL'));
}
