import { asc, sql } from 'drizzle-orm';
import type { AccountResolvers } from '@/lib/cloud/probe/account-resolvers';
import type { Database } from '@/lib/db/database';
import { runSamples, runVantages, vantagePoints } from '@/lib/db/schema';
import type { Lease } from '@/lib/run/durable/lease';
import {
  askedNamesMax,
  type ConvergingName,
  countAnswers,
  type DnsAnswer,
  isConverging,
  judgeDnsAnswer,
  listConvergingNames,
  type VantageReport,
} from '@/lib/run/model/convergence';
import { addAnswers, isSplitNow, listSplitNames, type SplitName } from '@/lib/run/model/dns-split';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import type { RunId } from '@/lib/run/model/run-id';
import { runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { loadRuns } from '@/lib/store/runs/load-run';
import { readVantages } from '@/lib/store/runs/read-vantages';
import type { WorkLoop } from '@/lib/worker/loop/work-loop';
import { thinOut } from './thin-out';

/** The interval between checks for runs that are due. */
const pollMs = 2500;
/** The maximum number of runs of a check, the least recently asked about first; the others follow in the next check. */
const runsMax = 20;
/** The maximum number of runs considered, newest first. */
const candidatesMax = 1000;
/** The time for which an ended run may still be asked about, in seconds: twice the longest TTL of DNSPod's free zones. */
const endedMaxS = 2 * 86_400;
/** A resolver repeats an answer until its TTL is over, so it is asked again after that, within these bounds, in ms. */
const againMs = { min: 5000, max: 60_000 };
/** The maximum number of questions in a round of one run, and of those that are open at once. */
const questionsMax = 200;
const openMax = 20;

export type WatchResolversDeps = {
  readonly db: Database;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly resolversOf: (connectionId: string) => AccountResolvers;
  /** Returns whether this worker has a connection. */
  readonly has: (connectionId: string) => boolean;
  /** The interval between two rounds of one run, in seconds. */
  readonly everyS: number;
  readonly now: () => Date;
  readonly loop: WorkLoop;
};

type Point = Pick<VantageReport, 'kind' | 'name'> & { readonly address: string };
type Question = { readonly point: Point; readonly name: ConvergingName };

/** A run, and whether it has ended, by the event that says so. */
type Candidate = { readonly id: RunId; readonly endedBy: number | null };

/** Reads the runs that may change DNS now or whose answers may still be cached, without their journals. */
async function readCandidates({ db, now }: WatchResolversDeps): Promise<readonly Candidate[]> {
  const endedAfter = new Date(now().getTime() - endedMaxS * 1000).toISOString();
  const { rows } = await db.execute<{ readonly id: RunId; readonly endedBy: string | null }>(sql`
    select run.id,
      case when state_event.event->>'type' in ('finished', 'closed') then state_event.id end as "endedBy"
    from ${runsWithStateEvent}
    where state_event.event->>'type' is not null and state_event.event->>'type' <> 'missed'
      and (state_event.event->>'type' not in ('finished', 'closed') or state_event.event->>'at' > ${endedAfter})
      and (state_event.event->>'type' <> 'gate' or state_event.event->>'gate' = 'T1')
    order by run.created_at desc limit ${candidatesMax}`);
  return rows.map(({ id, endedBy }) => ({ id, endedBy: endedBy === null ? null : Number(endedBy) }));
}

/** Returns the vantage points of a name: the resolvers of its account, and those of the settings. */
function listPoints(
  { resolversOf }: Pick<WatchResolversDeps, 'resolversOf'>,
  { connectionId }: ConvergingName,
  settings: readonly Point[],
): readonly Point[] {
  const { own, isClosed } = resolversOf(connectionId);
  const resolvers = own.map((address): Point => ({ kind: 'own', name: address, address }));
  return isClosed ? resolvers : [...resolvers, ...settings];
}

/** Returns the time at which a vantage point is asked for a name again, in epoch ms. */
function askAgainAt(name: ConvergingName, answer: DnsAnswer | undefined, isSplit: boolean): number {
  if (answer === undefined) return 0;
  // An answer that is not current changes when it expires; nothing says when it will be given. While a name is split,
  // each new answer is one more of the sample.
  const isLasting = judgeDnsAnswer(name, answer) === 'current' && !isSplit;
  const isNextNew = isSplit && answer.isAuthoritative === true;
  const waitMs = isLasting ? againMs.max : isNextNew ? 0 : (answer.ttlS ?? 0) * 1000;
  return Date.parse(answer.at) + Math.min(againMs.max, Math.max(againMs.min, waitMs));
}

async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const open = items.values();
  const work = async () => {
    for (const item of open) await act(item);
  };
  await Promise.all(Array.from({ length: openMax }, work));
}

/** Asks all questions that are due, and stores the newest answers of each vantage point. */
async function askDue(
  deps: WatchResolversDeps,
  run: RunRecord,
  names: readonly ConvergingName[],
): Promise<void> {
  const { db, now, resolversOf } = deps;
  const splitNames: readonly SplitName[] = listSplitNames(run);
  const split = new Set(splitNames.filter(isSplitNow).map(({ name }) => name));
  const stored = await readVantages(db, run.id);
  const settings = (await db.select().from(vantagePoints).orderBy(asc(vantagePoints.id))).map(
    ({ name, address }): Point => ({ kind: 'resolver', name, address }),
  );
  const find = ({ kind, name }: Point) =>
    stored.find((report) => report.kind === kind && report.name === name);
  const due = names
    .slice(0, askedNamesMax)
    .filter(({ connectionId }) => deps.has(connectionId))
    .flatMap((name) => listPoints(deps, name, settings).map((point): Question => ({ point, name })))
    .map((question) => {
      const report = find(question.point);
      const answer = report?.dns.find((each) => each.name === question.name.name);
      return { ...question, at: askAgainAt(question.name, answer, split.has(question.name.name)) };
    })
    .filter(({ at }) => at <= now().getTime())
    .toSorted((a, b) => a.at - b.at)
    .slice(0, questionsMax);
  const answers = new Map<string, { readonly point: Point; readonly dns: DnsAnswer[] }>();
  await inTurns(due, async ({ point, name: { name, type, connectionId } }) => {
    const answer = await resolversOf(connectionId).ask(point.address, name, type);
    const key = `${point.kind} ${point.name}`;
    const own = answers.get(key) ?? { point, dns: [] };
    own.dns.push({ name, at: now().toISOString(), ...answer });
    answers.set(key, own);
  });
  const at = now();
  for (const { point, dns } of answers.values()) {
    const before = find(point);
    const added = addAnswers(before, dns, splitNames);
    const kept = (before?.dns ?? []).filter((old) => !dns.some(({ name }) => name === old.name));
    const { counts } = added;
    const values = { address: point.address, at, dns: [...kept, ...added.dns], http: [], counts };
    await db
      .insert(runVantages)
      .values({ runId: run.id, kind: point.kind, name: point.name, ...values })
      .onConflictDoUpdate({ target: [runVantages.runId, runVantages.kind, runVantages.name], set: values });
  }
}

/**
 * Creates a round over all runs whose DNS changes may not have reached everyone: asks the vantage points, and stores how
 * many answers are current. Each run is asked about by one worker at a time. A failure leaves a gap in the chart.
 */
export function resolverRounds(deps: WatchResolversDeps): () => Promise<void> {
  const { db, everyS, now } = deps;
  const busy = new Set<string>();
  /** When runs were last tried, in epoch ms. */
  const tried = new Map<RunId, number>();
  /** The ended runs about which there is nothing more to ask, by the event that ended them. */
  const over = new Map<RunId, number>();
  const readLast = async (runId: RunId) => {
    const { rows } = await db.execute<{ readonly at: Date | string }>(
      sql`select at from run_sample where run_id = ${runId} and convergence is not null order by id desc limit 1`,
    );
    return rows[0] === undefined ? 0 : new Date(rows[0].at).getTime();
  };
  const watch = async ({ id: runId, endedBy }: Candidate): Promise<boolean> => {
    if (busy.has(runId)) return false;
    busy.add(runId);
    tried.set(runId, now().getTime());
    try {
      let hasAsked = false;
      await deps.lease.whileFree(`resolvers:${runId}`, async () => {
        if (Math.abs(now().getTime() - (await readLast(runId))) < everyS * 1000) return;
        const [stored] = await loadRuns(db, [runId]);
        if (stored === undefined) return;
        const { plan, events } = stored;
        // Created load balancers get their addresses during the run.
        const run = hasPlaceholders(plan) ? { ...stored, plan: bindPlan(plan, events) } : stored;
        const names = listConvergingNames(run);
        if (!isConverging(run, names, now())) {
          if (endedBy !== null) over.set(runId, endedBy);
          return;
        }
        await askDue(deps, run, names);
        const convergence = countAnswers(names, await readVantages(db, runId), now());
        await db.insert(runSamples).values({ runId, at: now(), convergence });
        await thinOut(db, run, 'convergence');
        hasAsked = true;
      });
      return hasAsked;
    } finally {
      busy.delete(runId);
    }
  };
  const triedAt = ({ id }: Candidate) => tried.get(id) ?? 0;
  return async () => {
    const candidates = await readCandidates(deps);
    for (const known of [tried, over])
      for (const id of known.keys()) if (!candidates.some((each) => each.id === id)) known.delete(id);
    const due = candidates
      .filter(({ id, endedBy }) => endedBy === null || over.get(id) !== endedBy)
      .filter((each) => Math.abs(now().getTime() - triedAt(each)) >= pollMs)
      .toSorted((a, b) => triedAt(a) - triedAt(b))
      .slice(0, runsMax);
    await deps.loop.each(due, ({ id }) => `run ${id}`, watch);
  };
}

/** Asks vantage points as long as the process lives; a failed round is retried with the next. */
export function startWatchingResolvers(
  deps: WatchResolversDeps & { readonly onError: (error: unknown) => void },
): void {
  if (deps.everyS === 0) return;
  const round = resolverRounds(deps);
  const next = () => {
    setTimeout(() => void round().catch(deps.onError).finally(next), pollMs).unref();
  };
  next();
}
