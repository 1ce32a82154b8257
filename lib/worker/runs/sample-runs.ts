import { and, asc, eq, gte, isNotNull, sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { runSamples, runWatches } from '@/lib/db/schema';
import { guardMaxS } from '@/lib/diversion/cutover';
import type { Prober } from '@/lib/estate/probe';
import type { Plan } from '@/lib/plan/model/model';
import type { Lease } from '@/lib/run/durable/lease';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import type { Breach, Sample } from '@/lib/run/model/model';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import type { RunId } from '@/lib/run/model/run-id';
import { addRound, emptySummary, getWatchPart, type WatchPart } from '@/lib/run/model/run-watch';
import type { Watcher } from '@/lib/run/steps/ports';
import { joinedCloud, joinedProber } from '@/lib/run/steps/run-cloud';
import { findBreach } from '@/lib/run/steps/watch';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { loadRuns } from '@/lib/store/runs/load-run';
import type { WorkLoop } from '@/lib/worker/loop/work-loop';
import { thinOut } from './thin-out';
import { trafficWatcher } from './traffic-watcher';
import { watchFigures } from './watch-figures';

/** The interval between checks for runs that are due. */
const pollMs = 2500;
/**
 * The maximum number of runs probed per check, the least recently probed first; the others follow in the next check.
 */
const runsMax = 20;
/** The maximum number of runs considered, newest first. */
const candidatesMax = 1000;
/** The time after which the in-memory state of a run is dropped. */
const keptMs = 300_000;
/** The maximum lag of monitoring figures on top of the longest guard, in seconds. */
const lagMaxS = 600;

export type SampleRunsDeps = {
  readonly db: Database;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly cloudOf: (connectionId: string) => Cloud;
  readonly proberOf: (connectionId: string) => Prober;
  /** Returns whether this worker has keys for a connection: probing a run needs the keys of all its accounts. */
  readonly has: (connectionId: string) => boolean;
  readonly everyS: number;
  readonly afterS: number;
  /** The time for which clients keep a connection open, in seconds. */
  readonly keepAliveS: number;
  readonly now: () => Date;
  readonly loop: WorkLoop;
  readonly log: Pick<Logger, 'warn'>;
};

type Watched = { readonly run: RunRecord; readonly part: WatchPart };

/** Reads the runs that may be due for probes, without their journals. */
async function readCandidates({ db, everyS, afterS, now }: SampleRunsDeps): Promise<readonly RunId[]> {
  const fromNow = (s: number) => new Date(now().getTime() + s * 1000).toISOString();
  const endedAfter = fromNow(-afterS);
  const { rows } = await db.execute<{ readonly id: RunId }>(sql`
    select run.id from ${runsWithStateEvent} left join run_watch as watch on watch.run_id = run.id
    where (watch.at is null or watch.at <= ${fromNow(-everyS)} or watch.at >= ${fromNow(everyS)})
      and state_event.event->>'type' <> 'missed'
      and (state_event.event->>'type' not in ('finished', 'closed') or state_event.event->>'at' > ${endedAfter})
      and (state_event.event->>'type' <> 'gate' or state_event.event->>'gate' = 'T1')
    order by run.created_at desc limit ${candidatesMax}`);
  return rows.map(({ id }) => id);
}

/** Evaluates the guards over measurements since the run ended: until then, its own execution does that. */
async function judge(
  { db, now }: SampleRunsDeps,
  { run, part }: Watched,
  sample: Sample,
): Promise<Breach | null> {
  const { state, endedAt } = foldRun(run);
  if (part !== 'after' || state !== 'done' || endedAt === null) return null;
  const from = Math.max(Date.parse(endedAt), now().getTime() - (guardMaxS + lagMaxS) * 1000);
  const rows = await db
    .select({ sample: runSamples.sample })
    .from(runSamples)
    .where(
      and(eq(runSamples.runId, run.id), isNotNull(runSamples.sample), gte(runSamples.at, new Date(from))),
    )
    .orderBy(asc(runSamples.id));
  return findBreach(run.guards, [...rows.flatMap((row) => row.sample ?? []), sample]);
}

/** Runs one round of probes of a run, and stores it. */
async function sampleOne(deps: SampleRunsDeps, watched: Watched, watcher: Watcher): Promise<void> {
  const { db, now } = deps;
  const { id: runId } = watched.run;
  const sample = await watcher.sample();
  const breach = await judge(deps, watched, sample);
  const at = now();
  await db.transaction(async (transaction) => {
    const [row] = await transaction
      .select()
      .from(runWatches)
      .where(eq(runWatches.runId, runId))
      .for('update');
    const summary = addRound(watched.run.plan, row?.summary ?? emptySummary, sample, breach);
    const newest = summary.breaches.at(-1);
    const values = { at, summary, breachAt: newest === undefined ? null : new Date(newest.at) };
    await transaction
      .insert(runWatches)
      .values({ runId, since: at, ...values })
      .onConflictDoUpdate({ target: runWatches.runId, set: values });
    await transaction.insert(runSamples).values({ runId, at, sample });
  });
  await thinOut(db, watched.run, 'sample');
  await thinOut(db, watched.run, 'traffic');
}

/**
 * Creates a round over all runs that are due for probes, each probed by one worker at a time. It is independent of the
 * run itself: a failure only leaves a gap in the run's charts.
 */
export function sampleRounds(deps: SampleRunsDeps): () => Promise<void> {
  const { db, everyS, afterS, now } = deps;
  const busy = new Set<string>();
  /** When runs were last tried, in epoch ms, so that runs without a probe now don't block others. */
  const tried = new Map<string, number>();
  /** The watcher caches its monitoring reads. Its plan is that of the newest round. */
  const watchers = new Map<string, { readonly watcher: Watcher; plan: Plan; usedAt: number }>();

  const getWatcher = ({ run, part }: Watched): Watcher => {
    const { plan, events, guards } = run;
    const { direction } = foldRun(run);
    const key = `${run.id} ${part} ${direction}`;
    // Objects created by a later wave or a retry get their ids after the first round.
    const bound = hasPlaceholders(plan) ? bindPlan(plan, events) : plan;
    const known = watchers.get(key);
    if (known !== undefined) {
      known.plan = bound;
      known.usedAt = now().getTime();
      return known.watcher;
    }
    const cloud = joinedCloud({ own: plan.connectionId, cloudOf: deps.cloudOf });
    const prober = joinedProber(plan.connectionId, deps.proberOf);
    // Until a run has ended, its own execution reads the measures of its guards.
    const judged = part === 'after' && direction === 'apply' ? guards : [];
    const readFigures = watchFigures(deps, run.id, judged);
    const watcher = trafficWatcher(
      { cloud, prober, now, log: deps.log, readFigures },
      async () => watchers.get(key)?.plan ?? bound,
      judged,
      direction,
    );
    watchers.set(key, { watcher, plan: bound, usedAt: now().getTime() });
    return watcher;
  };

  const hasPassed = (ms: number, since: number) => Math.abs(now().getTime() - since) >= ms;
  const isDue = (at: number) => hasPassed(everyS * 1000, at);
  const readLast = async (runId: RunId) => {
    const [row] = await db.select({ at: runWatches.at }).from(runWatches).where(eq(runWatches.runId, runId));
    return row?.at.getTime() ?? 0;
  };

  const watch = async (runId: RunId): Promise<boolean> => {
    if (busy.has(runId)) return false;
    busy.add(runId);
    try {
      let hasProbed = false;
      await deps.lease.whileFree(`probe:${runId}`, async () => {
        // Read again under the lock.
        if (!isDue(await readLast(runId))) return;
        const [run] = await loadRuns(db, [runId]);
        const part = run === undefined ? null : getWatchPart(run, now(), afterS);
        if (run === undefined || part === null || !listConnectionIds(run.plan).every(deps.has)) return;
        await sampleOne(deps, { run, part }, getWatcher({ run, part }));
        hasProbed = true;
      });
      // A failed run stays in the loop's list, so that the loop pauses it.
      tried.set(runId, now().getTime());
      return hasProbed;
    } finally {
      busy.delete(runId);
    }
  };

  return async () => {
    const ids = await readCandidates(deps);
    for (const [key, { usedAt }] of watchers) if (hasPassed(keptMs, usedAt)) watchers.delete(key);
    for (const [id, at] of tried) if (hasPassed(keptMs, at)) tried.delete(id);
    const triedAt = (id: RunId) => tried.get(id) ?? 0;
    const due = ids
      .filter((id) => isDue(triedAt(id)))
      .toSorted((a, b) => triedAt(a) - triedAt(b))
      .slice(0, runsMax);
    await deps.loop.each(due, (id) => `run ${id}`, watch);
  };
}

/** Probes runs as long as the process lives; a failed round is retried with the next. */
export function startSamplingRuns(
  deps: SampleRunsDeps & { readonly onError: (error: unknown) => void },
): void {
  if (deps.everyS === 0) return;
  const round = sampleRounds(deps);
  const next = () => {
    setTimeout(() => void round().catch(deps.onError).finally(next), pollMs).unref();
  };
  next();
}
