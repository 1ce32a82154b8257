import { and, eq, type SQL, sql } from 'drizzle-orm';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { switches } from '@/lib/db/schema';
import { type FailoverPolicy, roundsKept } from '@/lib/diversion/failover';
import { movedDomain } from '@/lib/diversion/routes';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { HttpProbe, Prober } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { toBoundFunction } from '@/lib/plan/model/function-choice';
import { findSides, otherSide, type Sides, servingSide, sideProbe } from '@/lib/plan/model/switch-sides';
import type { EngineClient } from '@/lib/run/durable/connect-engine';
import type { Lease } from '@/lib/run/durable/lease';
import {
  decideFailover,
  decidingProbes,
  type FailoverDecision,
  failoverActor,
  type HealthAnswer,
  type HealthRound,
  keepStuckSince,
  type Room,
} from '@/lib/run/model/failover';
import { joinedCloud } from '@/lib/run/steps/run-cloud';
import { recordDecision } from '@/lib/store/audit/record-decision';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readSafetyFacts } from '@/lib/store/plans/read-safety-facts';
import { readOriginalTtls } from '@/lib/store/runs/read-original-ttls';
import type { WorkLoop } from '@/lib/worker/loop/work-loop';
import { failOver } from './fail-over';
import { readDiversion, readFailoverPolicy } from './stored-switch';

const noAddress: HealthAnswer = {
  passed: false,
  address: null,
  latencyMs: 0,
  failure: 'the load balancer has no address',
};

/** Probes the serving side from each vantage point, and the other side through its address. */
async function askRound(
  prober: Prober,
  {
    sides,
    serving,
    policy,
    at,
  }: {
    readonly sides: Sides;
    readonly serving: SwitchSide;
    readonly policy: FailoverPolicy;
    readonly at: string;
  },
): Promise<HealthRound> {
  const ask = async (probe: HttpProbe | undefined): Promise<HealthAnswer> => {
    if (probe === undefined) return noAddress;
    const { passed, address, latencyMs, failure } = await prober.probe(probe);
    return { passed, address, latencyMs, failure };
  };
  const own = sideProbe(sides, serving);
  const fromEach = policy.vantages.map((vantage) => {
    if (own === undefined || vantage.kind === 'address') return ask(own);
    const { resolver } = vantage;
    return ask({ ...own, address: own.host, ...(resolver === null ? {} : { resolver }) });
  });
  const other = ask(sideProbe(sides, otherSide(serving)));
  return { at, serving, seen: await Promise.all(fromEach), receiving: await other };
}

/** Measures the receiving side, as far as the policy requires. */
async function measureRoom(
  cloud: Pick<Cloud, 'measure'>,
  policy: FailoverPolicy,
  {
    sides,
    receiving,
  }: {
    readonly sides: Sides;
    readonly receiving: SwitchSide;
  },
): Promise<Readonly<Record<string, number | null>>> {
  const { ref, route: own } = sides[receiving];
  const { kind: _kind, ...rule } = ref;
  const route = { ...rule, functions: own.to === 'function' ? [toBoundFunction(own.function)] : [] };
  const room = policy.capacity.map(
    async ({ measure }) => [measure, (await cloud.measure(measure, [route])).value] as const,
  );
  return Object.fromEntries(await Promise.all(room));
}

/** The interval between checks for Switches that are due for a round. */
const pollMs = 500;

/** With failover disabled, the health of Switches is for display only. */
const disabledEveryS = 15;

export type WatchDeps = {
  readonly db: Database;
  readonly pool: pg.Pool;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly engine: Pick<EngineClient, 'enqueueRun'>;
  readonly cloudOf: (connectionId: string) => Cloud;
  readonly proberOf: (connectionId: string) => Prober;
  /**
   * Returns whether this worker has keys for the connection; a Switch is watched by a worker with the keys of all its
   * accounts.
   */
  readonly has: (connectionId: string) => boolean;
  readonly keepAliveS: number;
  readonly maxSharePercent: number;
  readonly log: Pick<Logger, 'warn' | 'debug'>;
  readonly loop: WorkLoop;
};

type Row = typeof switches.$inferSelect;

function isDue({ policy, state, rounds }: Row, now: number): boolean {
  const every = state === 'enabled' ? policy.everyS : Math.max(policy.everyS, disabledEveryS);
  const last = rounds.at(-1);
  return last === undefined || now - Date.parse(last.at) >= every * 1000;
}

/** Runs one round of one Switch: probes, decides, and moves it if required. */
async function watchOne(deps: WatchDeps, row: Row): Promise<void> {
  const { db, log } = deps;
  const { id, connectionId } = row;
  const policy = readFailoverPolicy(row);
  const diversion = readDiversion(row);
  const estate = await newestEstate(db, connectionId, diversion.connections);
  const sides = estate && findSides(estate, diversion);
  if (estate === null || sides === null) return;
  const serving = servingSide(estate, sides);
  const at = new Date().toISOString();
  const round = await askRound(deps.proberOf(connectionId), { sides, serving, policy, at });
  const rounds = [...row.rounds, round].slice(-roundsKept);
  const keep = (decision: FailoverDecision) => keepStuckSince(decision, row.decision, at);
  const decision = row.state === 'enabled' ? keep(await decide(deps, row, rounds, sides)) : null;
  // Failover was enabled or disabled while the probes were in flight: these probes don't count.
  const isAsRead = unchangedSince(row);
  const kept = await db
    .update(switches)
    .set({ rounds, decision })
    .where(isAsRead)
    .returning({ id: switches.id });
  if (kept.length === 0 || decision?.kind !== 'failOver') return;
  const receiving = otherSide(serving);
  const reason = `${decision.failing} of ${policy.vantages.length} vantages saw ${serving} fail`;
  const { keepAliveS, maxSharePercent } = deps;
  const evidence = decidingProbes(policy, rounds);
  const originalTtls = await readOriginalTtls(db, {
    connectionId,
    domains: [movedDomain(diversion)],
    estate,
  });
  const given = { isAsRead, id, diversion, receiving, estate, originalTtls, reason, evidence } as const;
  const safety = await readSafetyFacts(db, { planId: null, runId: null, isFailover: true });
  const order = { ...given, keepAliveS, maxSharePercent, safety };
  const moved = await failOver(deps.pool, deps.engine, order);
  if (!moved.ok)
    await db
      .update(switches)
      .set({ decision: keep(moved.error) })
      .where(isAsRead);
  // One that can't move traffic is decided again in each round, and shown as an alert.
  if (moved.ok)
    await recordDecision(db, log, {
      operation: 'failover.start',
      actor: failoverActor,
      objects: [
        { kind: 'switch', id },
        { kind: 'run', id: moved.value.runId },
      ],
      facts: { toward: receiving, failedProbes: evidence.length },
    });
  const fields = { switch: id, run: moved.ok ? moved.value.runId : null };
  log.warn(fields, moved.ok ? `${id} fails over: ${reason}` : `${id} can't fail over: ${moved.error.why}`);
}

async function decide(
  deps: WatchDeps,
  { connectionId, policy, movedAt }: Row,
  rounds: readonly HealthRound[],
  sides: Sides,
): Promise<FailoverDecision> {
  const now = new Date().toISOString();
  const given = { movedAt: movedAt?.toISOString() ?? null, now };
  const first = decideFailover(policy, rounds, { ...given, room: {} });
  // Capacity is measured only if the decision depends on it.
  if (first.kind !== 'noRoom') return first;
  const receiving = otherSide(rounds.at(-1)?.serving ?? 'cvm');
  // The receiving side may be in another account.
  const cloud = joinedCloud({ own: connectionId, cloudOf: deps.cloudOf });
  const room: Room = await measureRoom(cloud, policy, { sides, receiving });
  return decideFailover(policy, rounds, { ...given, room });
}

/** Creates a round over all Switches that are due, each processed by one worker at a time. */
export function switchRounds(deps: WatchDeps): () => Promise<void> {
  const busy = new Set<string>();
  const watch = async (row: Row): Promise<boolean> => {
    if (busy.has(row.id)) return false;
    busy.add(row.id);
    try {
      let hasAsked = false;
      await deps.lease.whileFree(`switch:${row.id}`, async () => {
        // Read again under the lock.
        const [fresh] = await deps.db.select().from(switches).where(eq(switches.id, row.id));
        if (fresh === undefined || !isDue(fresh, Date.now())) return;
        await watchOne(deps, fresh);
        hasAsked = true;
      });
      return hasAsked;
    } finally {
      busy.delete(row.id);
    }
  };
  const hasAll = (row: Row) =>
    listConnectionIds({ connectionId: row.connectionId, diversion: readDiversion(row) }).every(deps.has);
  return async () => {
    const rows = await deps.db.select().from(switches);
    await deps.loop.each(
      rows,
      ({ id }) => `switch ${id}`,
      async (row) => hasAll(row) && isDue(row, Date.now()) && (await watch(row)),
    );
  };
}

/** Watches all Switches as long as the process lives. A failed round is retried with the next. */
export function startWatchingSwitches(deps: WatchDeps): void {
  const round = switchRounds(deps);
  const next = () => {
    setTimeout(() => {
      round()
        .catch((err: unknown) => deps.log.debug({ err }, 'a round of the switchboard failed'))
        .finally(next);
    }, pollMs).unref();
  };
  next();
}

/**
 * Returns the condition for a write that this Switch's failover has not been enabled or disabled since it was read. The
 * database has microseconds.
 */
export function unchangedSince({ id, setAt }: { readonly id: string; readonly setAt: Date }): SQL {
  const isSame = sql`date_trunc('milliseconds', ${switches.setAt}) = ${setAt.toISOString()}::timestamptz`;
  const both = and(eq(switches.id, id), isSame);
  invariant(both !== undefined, 'two conditions make one');
  return both;
}
