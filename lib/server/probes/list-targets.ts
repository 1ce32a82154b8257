import 'server-only';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/lib/db/database';
import { askedNamesMax, isConverging, listConvergingNames } from '@/lib/run/model/convergence';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import type { RunId } from '@/lib/run/model/run-id';
import { getWatchPart, listAgentRequests } from '@/lib/run/model/run-watch';
import { readSight } from '@/lib/server/access/read-sight';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { isOpenRun, runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { loadRuns } from '@/lib/store/runs/load-run';

/** The maximum number of runs that agents are asked about, newest first, and of ended runs that are considered. */
const runsMax = 20;
const endedMax = 100;
/** The maximum number of runs that are considered. */
const candidatesMax = 1000;
/** An ended run may still be asked about for this long, in seconds. */
const endedMaxS = 86_400;

/** The questions to an agent about a run: names, and addresses of pages with the expected status. None is secret. */
export type AgentTarget = {
  readonly runId: RunId;
  readonly names: readonly { readonly name: string; readonly type: 'A' | 'AAAA' }[];
  readonly requests: readonly { readonly url: string; readonly status: number }[];
};

/** The questions to agents, and the interval in seconds; null = never. */
export type AgentTargets = { readonly everyS: number | null; readonly targets: readonly AgentTarget[] };

/** Returns what agents are to ask about a run now; null = nothing. */
export function listAgentTargets(stored: RunRecord, now: Date, afterS: number): AgentTarget | null {
  const { plan, events } = stored;
  const run = hasPlaceholders(plan) ? { ...stored, plan: bindPlan(plan, events) } : stored;
  const names = listConvergingNames(run);
  const isAsked = isConverging(run, names, now);
  if (!isAsked && getWatchPart(run, now, afterS) === null) return null;
  const requests = listAgentRequests(run.plan, foldRun(run).direction);
  return {
    runId: run.id,
    names: isAsked ? names.slice(0, askedNamesMax).map(({ name, type }) => ({ name, type })) : [],
    requests: requests.map(({ url, probe }) => ({ url, status: probe.expect.status })),
  };
}

/** Reads the runs that may have moved traffic, open ones first, without their journals. */
async function readCandidates(db: Database, now: Date): Promise<readonly RunId[]> {
  const endedAfter = new Date(now.getTime() - endedMaxS * 1000).toISOString();
  const { rows } = await db.execute<{ readonly id: RunId; readonly isOpen: boolean }>(sql`
    select run.id, ${isOpenRun} as "isOpen" from ${runsWithStateEvent}
    where state_event.event->>'type' is not null and state_event.event->>'type' <> 'missed'
      and (${isOpenRun} or state_event.event->>'at' > ${endedAfter})
      and (state_event.event->>'type' <> 'gate' or state_event.event->>'gate' = 'T1')
    order by ${isOpenRun} desc,
      case when ${isOpenRun} then null else state_event.event->>'at' end desc nulls first,
      run.created_at desc
    limit ${candidatesMax}`);
  const list = (isOpen: boolean) => rows.filter((row) => row.isOpen === isOpen).map(({ id }) => id);
  return [...list(true), ...list(false).slice(0, endedMax)];
}

/** Returns what agents are to ask about the first of these runs about which there is something to ask. */
async function loadTargets(
  db: Database,
  ids: readonly RunId[],
  now: Date,
  afterS: number,
): Promise<readonly AgentTarget[]> {
  const targets: AgentTarget[] = [];
  for (let from = 0; from < ids.length && targets.length < runsMax; from += runsMax) {
    const runs = await loadRuns(db, ids.slice(from, from + runsMax));
    targets.push(...runs.flatMap((run) => listAgentTargets(run, now, afterS) ?? []));
  }
  return targets.slice(0, runsMax);
}

/** Returns what an agent is to ask now about the runs that its token covers, and how often. */
export const listProbeTargets = query(
  'probe.listTargets',
  z.void(),
  'all',
  async (_, actor): Promise<AgentTargets> => {
    const { database, settings } = await serverContext();
    const { SPILLWAY_PROBE_S: everyS, SPILLWAY_PROBE_AFTER_S: afterS } = settings;
    if (everyS === 0) return { everyS: null, targets: [] };
    const { db } = database;
    const now = new Date();
    const [ids, sight] = await Promise.all([
      readCandidates(db, now),
      readSight(db, actor, 'probe.listTargets'),
    ]);
    const seen = ids.filter((id) => sight === null || sight.runs.has(id));
    return { everyS, targets: await loadTargets(db, seen, now, afterS) };
  },
);
