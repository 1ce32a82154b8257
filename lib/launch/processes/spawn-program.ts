import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { guardProcess } from './guard-process';

/**
 * The time that a process has for an orderly end after the launcher has ended, in seconds; then it is killed with its
 * group.
 */
const ENDS_WITHIN_S = 1.5;

/** Deprecations inside of packages are for their makers, not for whoever starts the app. */
const QUIET = '--no-deprecation';

/**
 * Returns Node's flags for a program. Stacks of errors name the lines of our sources, but for the dashboard's: Node would keep
 * the source maps of all that Next loads, 80 MB, so its build keeps the names of functions instead (next.config.js).
 * Pages leave much garbage. V8 lets it grow to three times what is in use before it collects the old part of it; the
 * dashboard's is collected at 60 %, which is a bound that moves with what is in use and so never ends the process.
 */
function nodeFlags(name: string): readonly string[] {
  return name === 'web' ? [QUIET, '--heap-growing-percent=60'] : [QUIET, '--enable-source-maps'];
}

/**
 * Starts one of the built programs, in its own process group. It ends with this process: on its own, at the end of its
 * channel, or killed by its guard.
 * @param name of its bundle in .build
 */
export function spawnProgram(
  root: string,
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const child = spawn(process.execPath, [...nodeFlags(name), join(root, '.build', `${name}.mjs`), ...args], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  guardProcess(child, 'group', [{ signal: 'KILL', afterS: ENDS_WITHIN_S }]);
  return child;
}
