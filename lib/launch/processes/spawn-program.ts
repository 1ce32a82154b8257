import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { guardProcess } from './guard-process';

/** The time for an orderly stop after the launcher has ended, in seconds; then the process is killed with its group. */
const ENDS_WITHIN_S = 1.5;

/** Deprecations inside packages concern their maintainers, not the operator. */
const QUIET = '--no-deprecation';

/**
 * Returns Node's flags for a program. Error stacks name the lines of our sources, except in the dashboard: Node would
 * keep 80 MB of source maps for the modules that Next loads, so its build keeps function names instead
 * (next.config.js). Rendering pages produces much garbage. V8 lets the old generation grow to three times the live heap
 * before it collects it; for the dashboard the limit is 60 % more. It is relative to the live heap, so it never ends
 * the process.
 */
function nodeFlags(name: string): readonly string[] {
  return name === 'web' ? [QUIET, '--heap-growing-percent=60'] : [QUIET, '--enable-source-maps'];
}

/**
 * Starts one of the built programs, in its own process group. It ends with this process: when its channel
 * closes, or killed by its guard.
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
