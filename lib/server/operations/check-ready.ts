import { isDatabaseAway } from '@/lib/database-away';
import type { Database } from '@/lib/db/database';
import { type MigrationState, migrationState } from '@/lib/db/migration-state';
import { engineVersion } from '@/lib/run/durable/work';
import { TooLateError, withinMs } from '@/lib/timing/within-ms';
import type { WorkerProblem } from '@/lib/worker-problem';
import { aliveWithinS, listWorkers } from './list-workers';

const databaseWithinMs = 2000;

/** A condition for work to be processed; if it fails, the reason, for the on-call operator. */
export type ReadyCheck =
  | { readonly name: string; readonly ok: true }
  | { readonly name: string; readonly ok: false; readonly reason: string };

export type Readiness = {
  readonly ready: boolean;
  readonly checks: readonly ReadyCheck[];
  readonly workers: readonly {
    readonly id: string;
    readonly version: string;
    readonly engineVersion: string;
    readonly startedAt: string;
    readonly seenSecondsAgo: number;
    readonly alive: boolean;
  }[];
  /**
   * The current background problems of live workers, by object. They do not make Spillway unready: everything else
   * continues, and the pages that show the problems must stay reachable.
   */
  readonly problems: readonly (WorkerProblem & { readonly worker: string })[];
};

type Seen = Readiness['workers'];

const bad = (name: string, reason: string): ReadyCheck => ({ name, ok: false, reason });

function checkMigrations(state: MigrationState): ReadyCheck {
  const name = 'migrations';
  if (state === 'behind')
    return bad(name, 'the database has an older schema than this build; restart Spillway to migrate it');
  if (state === 'other')
    return bad(name, 'the database has the tables of another build; restart Spillway to see what to do');
  return { name, ok: true };
}

/** Returns whether the database has the schema that this build needs. */
function isReadable(state: MigrationState): boolean {
  return state === 'current' || state === 'ahead';
}

function checkWorker(workers: Seen): ReadyCheck {
  const name = 'worker';
  const alive = workers.filter((worker) => worker.alive);
  if (alive.some((worker) => worker.engineVersion === engineVersion)) return { name, ok: true };
  const [other] = alive;
  if (other !== undefined) {
    const versions = `worker ${other.id} has engine version ${other.engineVersion}, this process ${engineVersion}`;
    return bad(name, `${versions}: what is applied here waits for a worker of its own version`);
  }
  const [last] = workers;
  if (last === undefined) return bad(name, 'no worker has sent a heartbeat within the last hour');
  const ago = Math.round(last.seenSecondsAgo);
  return bad(name, `no worker is running: the last heartbeat came from ${last.id}, ${ago} s ago`);
}

/** Returns why the database can't be used, without its own message, which may contain hosts and users. */
function whyNot(error: unknown): string {
  if (error instanceof TooLateError) return error.message;
  return isDatabaseAway(error) ? 'the database does not answer' : 'the database refused; the log says why';
}

/**
 * Checks that work is processed: the database responds, has this build's schema, and a worker of this engine version is
 * alive.
 * @param open opens the database; it may fail or hang
 * @param onError called with the database's error
 */
export async function checkReady(
  open: () => Promise<Database>,
  onError: (error: unknown) => void,
): Promise<Readiness> {
  const ask = async () => {
    const db = await open();
    const state = await migrationState(db);
    // Another schema may not have that table.
    return { state, found: isReadable(state) ? await listWorkers(db) : [] };
  };
  try {
    const { state, found } = await withinMs(ask(), databaseWithinMs, 'the database did not answer');
    const workers = found.map(({ problems: _, startedAt, seenSecondsAgo, ...rest }) => ({
      ...rest,
      startedAt: startedAt.toISOString(),
      seenSecondsAgo,
      alive: seenSecondsAgo <= aliveWithinS,
    }));
    const checks: readonly ReadyCheck[] = [
      { name: 'database', ok: true },
      checkMigrations(state),
      isReadable(state) ? checkWorker(workers) : bad('worker', 'unknown without the tables of this build'),
    ];
    const problems = found
      .filter(({ seenSecondsAgo }) => seenSecondsAgo <= aliveWithinS)
      .flatMap(({ id: worker, problems: own }) => own.map((problem) => ({ worker, ...problem })));
    return { ready: checks.every(({ ok }) => ok), checks, workers, problems };
  } catch (error) {
    onError(error);
    return { ready: false, checks: [bad('database', whyNot(error))], workers: [], problems: [] };
  }
}
