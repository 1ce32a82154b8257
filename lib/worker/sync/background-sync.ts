import { and, desc, eq, ne } from 'drizzle-orm';
import type { Logger } from 'pino';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud, SyncProgress } from '@/lib/cloud/port';
import { isTransient } from '@/lib/cloud/transient';
import type { Database } from '@/lib/db/database';
import { connections, estates, switches, syncs } from '@/lib/db/schema';
import type { LoadBalancerId } from '@/lib/estate/ids';
import type { Estate } from '@/lib/estate/model';
import type { Lease } from '@/lib/run/durable/lease';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { openRuns } from '@/lib/store/runs/load-run';
import { readBaselinesSince } from '@/lib/store/runs/read-run-baselines';
import { toJobError } from '@/lib/worker/loop/job-error';
import { StoredValueError, type WorkLoop } from '@/lib/worker/loop/work-loop';
import { readDiversion } from '@/lib/worker/switches/stored-switch';
import { readAudit } from './read-audit';
import { lockConnection, storeEstate } from './store-estate';
import { type SyncPaces, type SyncTimes, syncDue } from './sync-due';

/** The maximum number of load balancers whose bindings one sync reads: each costs two calls. */
const watchedMax = 40;

/**
 * Returns the routes of a Switch; none if it is unreadable, which the loop that watches the Switch reports: it must not
 * block the sync of its account.
 */
function readableRoutes(row: typeof switches.$inferSelect) {
  try {
    return readDiversion(row).routes;
  } catch (error) {
    if (error instanceof StoredValueError) return [];
    throw error;
  }
}

/**
 * Returns the load balancers whose bindings each partial sync reads: first those on which runs have written since the last
 * full sync, so that a newer state of their rules is known, then those of open runs, those of Switches, and those that
 * call functions, up to the limit.
 */
export async function watchedLoadBalancers(
  db: Database,
  connectionId: string,
  { loadBalancers, rules, takenAt }: Pick<Estate, 'loadBalancers' | 'rules' | 'takenAt'>,
): Promise<readonly LoadBalancerId[]> {
  const written = (await readBaselinesSince(db, connectionId, takenAt)).flatMap((run) =>
    [...run.objects.values()].flatMap(({ object, leftAt }) =>
      object.kind === 'rule' &&
      (object.connectionId ?? run.connectionId) === connectionId &&
      Date.parse(leftAt) > Date.parse(takenAt)
        ? [object.loadBalancerId]
        : [],
    ),
  );
  const touched = (await openRuns(db)).flatMap(({ plan }) =>
    [...plan.steps, ...plan.rollback].flatMap((step) =>
      step.kind === 'write' &&
      step.object.kind === 'rule' &&
      (step.object.connectionId ?? plan.connectionId) === connectionId
        ? [step.object.loadBalancerId]
        : [],
    ),
  );
  // A Switch may refer to load balancers of other accounts, and a Switch of another account to those of this one.
  const own = new Set<string>(loadBalancers.map(({ id }) => id));
  const board = await db.select().from(switches);
  const switched = board.flatMap(readableRoutes).filter((route) => own.has(route.loadBalancerId));
  const calling = rules.filter(({ functions }) => functions.length > 0);
  const all = [
    ...written,
    ...touched,
    ...[...switched, ...calling].map(({ loadBalancerId }) => loadBalancerId),
  ];
  return [...new Set(all)].slice(0, Math.max(watchedMax, new Set(written).size));
}

/** The interval between checks for connections that are due. */
const pollMs = 2000;

export type BackgroundSyncDeps = {
  readonly db: Database;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly cloudOf: (connectionId: string) => Pick<Cloud, 'readEstate' | 'readChanges' | 'auditTrail'>;
  /** The accounts that this worker has keys for. */
  readonly connectionIds: () => readonly string[];
  readonly paces: SyncPaces;
  readonly historyDays: number;
  readonly now: () => Date;
  readonly log: Pick<Logger, 'warn' | 'debug'>;
  readonly loop: WorkLoop;
};

/** The stored snapshot at the start of a sync: if another writer has stored since, that sync is outdated. */
type SnapshotTimes = Pick<typeof estates.$inferSelect, 'id' | 'takenAt' | 'partsAt'>;

type Reads = Pick<Database, 'select'>;

async function readSnapshotTimes(db: Reads, connectionId: string): Promise<SnapshotTimes | null> {
  const [row] = await db
    .select({ id: estates.id, takenAt: estates.takenAt, partsAt: estates.partsAt })
    .from(estates)
    .where(eq(estates.connectionId, connectionId))
    .orderBy(desc(estates.id))
    .limit(1);
  return row ?? null;
}

const isSame = (a: SnapshotTimes | null, b: SnapshotTimes | null) =>
  a?.id === b?.id &&
  a?.takenAt.getTime() === b?.takenAt.getTime() &&
  a?.partsAt?.getTime() === b?.partsAt?.getTime();

type Finished = Partial<typeof syncs.$inferInsert> & { readonly state: 'done' | 'failed' };

/** Records the result of a full sync, unless a requested sync is running: operators wait for that one's result. */
async function noteSync(db: Pick<Database, 'insert'>, connectionId: string, startedAt: Date, end: Finished) {
  const values = { startedAt, finishedAt: new Date(), progress: null, error: null, ...end };
  await db
    .insert(syncs)
    .values({ connectionId, ...values })
    .onConflictDoUpdate({ target: syncs.connectionId, set: values, setWhere: ne(syncs.state, 'running') });
}

/** Reads everything and stores it, unless a newer snapshot has been stored meanwhile. */
async function readWhole(deps: BackgroundSyncDeps, connectionId: string): Promise<void> {
  const { db, historyDays: keptDays, now } = deps;
  const startedAt = now();
  let progress: SyncProgress | null = null;
  const snapshot = await deps.cloudOf(connectionId).readEstate((step) => {
    progress = step;
  }, 'background');
  await db.transaction(async (tx) => {
    await lockConnection(tx, connectionId);
    const stored = await readSnapshotTimes(tx, connectionId);
    const takenAt = new Date(snapshot.takenAt);
    if (stored !== null && stored.takenAt > takenAt) return;
    await storeEstate(tx, connectionId, snapshot, { observedAt: takenAt, keptDays });
    await tx.update(connections).set({ uin: snapshot.account.uin }).where(eq(connections.id, connectionId));
    await noteSync(tx, connectionId, startedAt, { state: 'done', progress });
  });
}

/**
 * Reads the frequently changing parts and stores them with the rest unchanged, unless something else has been stored
 * meanwhile.
 */
async function readParts(deps: BackgroundSyncDeps, connectionId: string): Promise<void> {
  const { db, historyDays: keptDays, now } = deps;
  // From before the list of load balancers to read: a rule that a run writes now was not read after it.
  const partsAt = now().toISOString();
  const stored = await readSnapshotTimes(db, connectionId);
  const newest: Estate | null = await newestSnapshot(db, connectionId);
  if (newest === null) return;
  const watched = await watchedLoadBalancers(db, connectionId, newest);
  const read = await deps.cloudOf(connectionId).readChanges(newest, watched);
  const snapshot: Estate = { ...read, partsAt };
  await db.transaction(async (tx) => {
    await lockConnection(tx, connectionId);
    if (!isSame(stored, await readSnapshotTimes(tx, connectionId))) return;
    const observedAt = new Date(partsAt);
    await storeEstate(tx, connectionId, snapshot, { observedAt, keptDays });
  });
}

async function readTimes(
  { db, now }: BackgroundSyncDeps,
  connectionId: string,
  attemptedAt: number | null,
): Promise<SyncTimes> {
  const stored = await readSnapshotTimes(db, connectionId);
  const [sync] = await db
    .select({ state: syncs.state, startedAt: syncs.startedAt, finishedAt: syncs.finishedAt })
    .from(syncs)
    .where(and(eq(syncs.connectionId, connectionId)));
  return {
    now: now().getTime(),
    takenAt: stored?.takenAt.getTime() ?? null,
    partsAt: stored?.partsAt?.getTime() ?? null,
    runningSince: sync?.state === 'running' ? sync.startedAt.getTime() : null,
    failedAt: sync?.state === 'failed' ? (sync.finishedAt?.getTime() ?? null) : null,
    attemptedAt,
  };
}

/** Returns whether repeating a sync can't help, so that a person must know of it: the cloud rejects the key. */
function needsPerson(error: unknown): boolean {
  return error instanceof CloudError && !isTransient(error.data);
}

async function noteFailure(deps: BackgroundSyncDeps, connectionId: string, err: unknown, startedAt: Date) {
  const error = toJobError(err, {
    action: 'ReadEstate',
    region: null,
    mayHaveHappened: false,
    whatToDo: 'It is retried automatically.',
  });
  await noteSync(deps.db, connectionId, startedAt, { state: 'failed', error });
}

/**
 * Runs a round over all connections: each one that is due is read by one worker at a time, among all that share the
 * database.
 */
export function backgroundRounds(deps: BackgroundSyncDeps): () => Promise<void> {
  const { lease, paces, connectionIds, log } = deps;
  const attemptedAt = new Map<string, number>();
  // The lock belongs to the worker, so it does not serialize the worker's own rounds.
  const busy = new Set<string>();

  const isDue = async (connectionId: string) =>
    syncDue(await readTimes(deps, connectionId, attemptedAt.get(connectionId) ?? null), paces);

  async function sync(connectionId: string): Promise<boolean> {
    // Read again under the lock.
    const due = await isDue(connectionId);
    if (due === null) return false;
    const startedAt = deps.now();
    attemptedAt.set(connectionId, startedAt.getTime());
    try {
      await (due === 'whole' ? readWhole : readParts)(deps, connectionId);
      // The audit trail lags: it is also queried again about earlier syncs' changes.
      await readAudit(deps, connectionId).catch((err: unknown) =>
        log.warn({ err, connectionId }, 'who made the changes could not be looked up'),
      );
    } catch (err) {
      // Only a full sync ends the failed state, so a partial one may report it only if full syncs start on their own.
      if (due === 'whole' || (paces.wholeS > 0 && needsPerson(err)))
        await noteFailure(deps, connectionId, err, startedAt);
      throw err;
    }
    return true;
  }

  async function one(connectionId: string): Promise<boolean> {
    if (busy.has(connectionId)) return false;
    busy.add(connectionId);
    try {
      let hasRead = false;
      if ((await isDue(connectionId)) === null) return false;
      await lease.whileFree(`sync:${connectionId}`, async () => {
        hasRead = await sync(connectionId);
      });
      return hasRead;
    } finally {
      busy.delete(connectionId);
    }
  }

  return () => deps.loop.each(connectionIds(), (id) => `connection ${id}`, one);
}

/**
 * Keeps the snapshots of this worker's accounts up to date as long as the process lives; a failed round is retried.
 * @param mustYield returns whether runs go first now
 */
export function startBackgroundSync(deps: BackgroundSyncDeps, mustYield: () => Promise<boolean>): void {
  if (deps.paces.partsS === 0 && deps.paces.wholeS === 0) return;
  const round = backgroundRounds(deps);
  const begin = async () => {
    // A database that is away is each round's own problem.
    if (!(await mustYield().catch(() => false))) await round();
  };
  setInterval(() => void begin(), pollMs).unref();
}
