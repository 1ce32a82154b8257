import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stops a Postgres that still runs on this cluster, left by a launcher that was killed. To take it over would tie us to
 * a process whose end we don't hear of; a fast shutdown takes a tenth of a second and loses nothing.
 * @param data the cluster's folder
 * @throws when it doesn't stop, with its process id
 */
export async function stopLeftoverPostgres(data: string): Promise<void> {
  const pid = leftover(data);
  if (pid === null) return;
  // Fast shutdown first; then immediate, which the next start recovers from like from a crash:
  // https://www.postgresql.org/docs/17/server-shutdown.html
  for (const { signal, waitMs } of [
    { signal: 'SIGINT', waitMs: 10_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
  ] as const) {
    send(pid, signal);
    for (const end = Date.now() + waitMs; Date.now() < end; ) {
      if (leftover(data) !== pid) return;
      // Not our child, so the system doesn't tell us of its end: it has to be asked.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(
    `An older database server (process ${pid}) still uses ${data} and does not stop. End it, then start again.`,
  );
}

/** The running server of this cluster by its pid file, whose number may by now belong to a stranger. */
function leftover(data: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return Number.isInteger(pid) && pid > 0 && serves(pid, data) ? pid : null;
}

/** A postmaster's working directory is its cluster. */
function serves(pid: number, data: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(
      `-D ${data}`,
    );
  } catch {
    // No such process.
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
