import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { guardProcess } from './guard-process';

/** After the launcher's end a process has this long for an orderly one, in seconds; then it is killed with its group. */
const ENDS_WITHIN_S = 1.5;

/**
 * Starts one of the built programs, in a process group of its own. It goes when this process goes: by itself, at the end of
 * its channel, or killed by its guard.
 * @param name of its bundle in .build
 */
export function spawnProgram(
  root: string,
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const child = spawn(
    process.execPath,
    // Deprecations inside of packages are for their makers, not for whoever starts the app.
    ['--enable-source-maps', '--no-deprecation', join(root, '.build', `${name}.mjs`), ...args],
    { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  guardProcess(child, 'group', [{ signal: 'KILL', afterS: ENDS_WITHIN_S }]);
  return child;
}
