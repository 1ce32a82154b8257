import 'server-only';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { SwitchboardView, SwitchMoveView, SwitchView } from '@/lib/contract/switch';
import type { Database } from '@/lib/db/database';
import { connections, plans, runs, switches } from '@/lib/db/schema';
import { hasAcknowledgedOutage } from '@/lib/diversion/acknowledgement';
import { formatNames } from '@/lib/diversion/format-names';
import { listMovedNames, movedDomain } from '@/lib/diversion/routes';
import type { SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { type ApprovalTarget, findMostApprovals } from '@/lib/policy/approval-rules';
import type { ConnectionKind } from '@/lib/policy/connection-kinds';
import { failoverActor } from '@/lib/run/model/failover';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunView } from '@/lib/run/model/model';
import { readSight } from '@/lib/server/access/read-sight';
import { unchangedRead } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readRunStates } from '@/lib/store/runs/last-state-events';
import { loadRuns } from '@/lib/store/runs/load-run';
import { readOriginalTtls } from '@/lib/store/runs/read-original-ttls';
import { readApprovalRules } from '@/lib/store/settings/read-approval-rules';
import { switchView } from './switch-view';

function getTowardSide({ plan }: RunView): SwitchSide {
  invariant(plan.diversion.kind === 'switch', 'a Switch is moved by plans of a Switch');
  return plan.diversion.toward;
}

/** Returns the places of a Switch's sides: a move of it may write there. */
function listSwitchTargets(
  { connectionId, diversion }: typeof switches.$inferSelect,
  kind: ConnectionKind,
  estate: Estate | null,
): readonly ApprovalTarget[] {
  return diversion.routes.map(({ domain, loadBalancerId }) => {
    const balancer = estate?.loadBalancers.find(({ id }) => id === loadBalancerId);
    const owner = balancer?.connectionId ?? connectionId;
    return { kind, connectionId: owner, region: balancer?.region ?? null, domain };
  });
}

/**
 * Reads the switchboard: each Switch with what its sides serve now, their health, and the cost of a move; the last
 * moves.
 */
const readSwitchboard = unchangedRead(async (): Promise<SwitchboardView> => {
  const { database, settings } = await serverContext();
  const { db } = database;
  const [rows, rules, moves] = await Promise.all([
    db
      .select({ row: switches, connection: connections })
      .from(switches)
      .innerJoin(connections, eq(connections.id, switches.connectionId))
      .orderBy(asc(switches.id)),
    readApprovalRules(db),
    listSwitchMoves(db),
  ]);
  // Each is read once for all Switches that share it: rounds are frequent.
  const listSwitchConnections = ({ connectionId, diversion }: (typeof rows)[number]['row']) =>
    listConnectionIds({ connectionId, diversion });
  const connectionLists = new Map(
    rows.map(({ row }) => [listSwitchConnections(row).join(), listSwitchConnections(row)]),
  );
  const now = new Date().toISOString();
  const listSwitchDomains = (connectionId: string) =>
    rows.flatMap(({ row }) => (row.connectionId === connectionId ? [movedDomain(row.diversion)] : []));
  const readEstate = async ([connectionId, ...connections]: readonly [string, ...string[]]) => {
    const estate = await newestEstate(db, connectionId, connections);
    return {
      estate,
      originalTtls:
        estate === null
          ? []
          : await readOriginalTtls(db, { connectionId, domains: listSwitchDomains(connectionId), estate }),
      conditions: await readConditions(db, {
        connectionId,
        connections,
        span: { from: now, until: null },
        others: { kind: 'runs' },
        safety: { planId: null, runId: null, t0: null, isStart: true },
      }),
    };
  };
  const read = [...connectionLists].map(async ([key, span]) => [key, await readEstate(span)] as const);
  const known = new Map(await Promise.all(read));
  const lastRuns = await loadRuns(
    db,
    rows.flatMap(({ row }) => row.lastRunId ?? []),
  );
  const views = rows.map(async ({ row, connection }): Promise<SwitchView> => {
    const last = lastRuns.find(({ id }) => id === row.lastRunId);
    const run = last === undefined ? null : foldRun(last);
    const { estate, conditions, originalTtls } =
      known.get(listSwitchConnections(row).join()) ?? (await readEstate(listSwitchConnections(row)));
    return switchView({
      row,
      connection,
      conditions,
      originalTtls,
      estate,
      lastRun: run && {
        id: run.id,
        state: run.state,
        hasOutage: hasAcknowledgedOutage(run.plan.diversion),
        actor: run.actor,
        toward: getTowardSide(run),
      },
      approvals: findMostApprovals(rules, listSwitchTargets(row, connection.kind, estate)),
      keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S,
    });
  });
  return { now, switches: await Promise.all(views), moves };
});

/** Returns the switchboard with the state of each Switch. */
export const getSwitchboard = query('switch.list', z.void(), 'all', async (_input, actor) => {
  const sight = await readSight((await serverContext()).database.db, actor, 'switch.list');
  const board = await readSwitchboard();
  if (sight === null) return board;
  return {
    ...board,
    switches: board.switches.filter(({ id }) => sight.switches.has(id)),
    moves: board.moves.filter(({ runId }) => sight.runs.has(runId)),
  };
});

/** The number of past moves shown. */
const newestMax = 6;

/**
 * Returns the last moves of Switches, manual, scheduled and by failover, newest first. Scheduled moves that have not
 * started are excluded.
 */
async function listSwitchMoves(db: Database): Promise<readonly SwitchMoveView[]> {
  const beginsAt = sql<Date>`coalesce((${runs.cutover}->>'t0')::timestamptz, ${runs.createdAt})`;
  const rows = await db
    .select({
      runId: runs.id,
      at: beginsAt.mapWith(runs.createdAt),
      actor: runs.createdBy,
      cutover: runs.cutover,
      diversion: sql<SwitchDiversion>`${plans.plan}->'diversion'`,
    })
    .from(plans)
    .innerJoin(runs, eq(runs.planId, plans.id))
    .where(
      and(
        // Must match the expression of the index.
        sql`${plans.plan}->'diversion'->>'kind' = 'switch'`,
        // A plan that restores drift is not a move.
        sql`${plans.plan}->'restores' is null`,
        sql`${beginsAt} <= now()`,
      ),
    )
    .orderBy(desc(beginsAt))
    .limit(newestMax);
  const states = await readRunStates(
    db,
    rows.map(({ runId }) => runId),
  );
  return rows.map(({ runId, at, actor, cutover, diversion }) => {
    const state = states.get(runId);
    invariant(state !== undefined, `${runId} was stored with its first attempt`);
    return {
      runId,
      at: at.toISOString(),
      actor,
      state,
      hasOutage: hasAcknowledgedOutage(diversion),
      by: actor === failoverActor ? 'failover' : cutover === null ? 'manual' : 'clock',
      domain: formatNames(listMovedNames(diversion)),
      toward: diversion.toward,
      percent: diversion.ramp.at(-1)?.percent ?? 0,
    };
  });
}
