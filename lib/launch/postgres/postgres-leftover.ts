import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The time limits for each kind of shutdown, in ms. */
export type Patience = {
  /** For a server that was asked for a fast shutdown and has not started it. */
  readonly beginMs: number;
  /** For a server that reports that it is shutting down: it writes its buffers to a possibly slow disk. */
  readonly fastMs: number;
  /** For an immediate shutdown; Postgres itself kills its processes that take longer than 5 s. */
  readonly immediateMs: number;
  /** The interval between two messages at the terminal. */
  readonly tellMs: number;
};

const PATIENCE: Patience = { beginMs: 10_000, fastMs: 60_000, immediateMs: 15_000, tellMs: 5_000 };

/**
 * Stops a Postgres that a killed launcher left running on this cluster. It is not reused, because we would not be
 * notified of its end; a fast shutdown usually takes a tenth of a second and loses nothing. While the server reports
 * that it is shutting down, this waits, since a loaded machine is slow; then it is shut down immediately, from which
 * the next start recovers as from a crash: https://www.postgresql.org/docs/17/server-shutdown.html
 * @param data the cluster's folder
 * @param say called with each progress message
 * @throws if it doesn't stop, with its process id
 */
export async function stopLeftoverPostgres(
  data: string,
  say: (text: string) => void,
  patience = PATIENCE,
): Promise<void> {
  const pid = leftover(data);
  if (pid === null) return;
  const server = `An older database server (process ${pid})`;
  const began = Date.now();
  let toldAt = began;
  const ended = async (withinMs: (status: string) => number): Promise<boolean> => {
    for (const start = Date.now(); leftover(data) === pid; ) {
      const now = Date.now();
      const status = readStatus(data);
      if (now - start > withinMs(status)) return false;
      if (now - toldAt > patience.tellMs) {
        toldAt = now;
        const what = status === 'stopping' ? 'is still shutting down' : 'has not begun to shut down';
        say(`${server} ${what} (${Math.round((now - began) / 1000)} s) …`);
      }
      // It is not our child, so the system doesn't notify us when it ends: poll.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return true;
  };
  send(pid, 'SIGINT');
  if (await ended((status) => (status === 'stopping' ? patience.fastMs : patience.beginMs))) return;
  say(
    `${server} takes too long to shut down; it is shut down immediately, and the next start replays its write-ahead log`,
  );
  send(pid, 'SIGQUIT');
  if (await ended(() => patience.immediateMs)) return;
  throw new Error(`${server} still uses ${data} and does not stop. End it: kill -9 ${pid}`);
}

/**
 * Returns the running server of this cluster from its pid file, whose pid may have been reused by an unrelated process.
 */
function leftover(data: string): number | null {
  const pid = Number(pidFile(data)[0]);
  return Number.isInteger(pid) && pid > 0 && serves(pid, data) ? pid : null;
}

/**
 * Returns the server's status from the last line of its pid file: `starting`, `ready`, `stopping`, `standby`; '' before
 * it has written one (`pidfile.h`:
 * https://github.com/postgres/postgres/blob/REL_17_STABLE/src/include/utils/pidfile.h).
 */
function readStatus(data: string): string {
  return pidFile(data)[7]?.trim() ?? '';
}

function pidFile(data: string): readonly string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
/** Returns whether a process serves a cluster: a postmaster's working directory is its cluster. */
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
