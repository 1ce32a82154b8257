import 'server-only';
import type { ActionError } from '@/lib/contract/answer';
import type { Database } from '@/lib/db/database';
import { plans } from '@/lib/db/schema';
import type { Diversion, DiversionId } from '@/lib/diversion/diversion';
import { listDomains } from '@/lib/diversion/routes';
import { toDraft } from '@/lib/diversion/to-draft';
import { applyFix } from '@/lib/draft/apply-fix';
import { asDiversion } from '@/lib/draft/as-diversion';
import { vetFixes } from '@/lib/draft/vet-fixes';
import { dropLikeRoutes } from '@/lib/draft/waves';
import type { Estate } from '@/lib/estate/model';
import { ownedKey } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import { invariant } from '@/lib/invariant';
import { fitsPlanFile } from '@/lib/plan/export/plan-file';
import type { Durations } from '@/lib/plan/model/forecast';
import { planHash } from '@/lib/plan/model/hash';
import type { OriginalTtl, Plan, PlanId, Restore } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { planRestore } from '@/lib/plan/plan-restore';
import { type Actor, getActorKey } from '@/lib/policy/actor';
import { listApprovalFacts } from '@/lib/policy/list-approval-facts';
import type { Finding } from '@/lib/preflight/model/model';
import { withUsedAcknowledgements } from '@/lib/preflight/model/weigh-finding';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { ok, type Result } from '@/lib/result';
import type { RunId } from '@/lib/run/model/run-id';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate, readUnreadKeys } from '@/lib/store/estate/newest-estate';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { readOriginalTtls } from '@/lib/store/runs/read-original-ttls';
import { checkConnections } from './check-connections';
import { readAuthors } from './read-authors';
import { readConditions } from './read-conditions';
import { readDurations } from './read-durations';

/** Plans a diversion, or the part of it to restore. */
function planned(
  diversion: Diversion,
  restores: readonly Restore[] | undefined,
  over: {
    readonly estate: Estate;
    readonly keepAliveS: number;
    readonly durations: Durations;
    readonly originalTtls: readonly OriginalTtl[];
  },
): Result<Plan, ActionError> {
  if (restores === undefined) {
    const made = planDiversion({ diversion, ...over });
    return made.ok ? made : refuseFields(Object.fromEntries(made.error.map((p) => [p.field, [p.message]])));
  }
  const made = planRestore({ diversion, restores, ...over });
  if (made.ok) return made;
  return refuse('drift.cannot', { objects: made.error.map(({ object }) => refName(object)).join(', ') });
}

/** Returns the diversion without acknowledgements of outages that this plan does not cause. */
async function keepUsed(
  diversion: Diversion,
  {
    connectionId,
    ...input
  }: {
    readonly connectionId: string;
    readonly estate: Estate;
    readonly restores: readonly Restore[] | undefined;
    readonly originalTtls: readonly OriginalTtl[];
  },
): Promise<Diversion> {
  if (diversion.acknowledged.length === 0) return diversion;
  const { database, settings } = await serverContext();
  const conditions = await readConditions(database.db, {
    connectionId,
    connections: diversion.connections,
    span: null,
    maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
    others: { kind: 'all', ownName: diversion.name, leaveOut: [] },
  });
  return withUsedAcknowledgements(diversion, await preflightInTurns({ diversion, conditions, ...input }));
}

/**
 * Plans a diversion on the newest snapshot; nothing is stored. The plan restores TTLs that earlier runs have lowered.
 * @param restores the objects to restore; absent = the whole diversion
 */
export async function makePlan(
  connectionId: string,
  diversion: Diversion,
  restores?: readonly Restore[],
): Promise<Result<{ readonly plan: Plan; readonly hash: string; readonly estate: Estate }, ActionError>> {
  const connection = await findConnection(connectionId);
  if (connection === null) return refuse('connection.gone', { id: connectionId });
  const { connections } = diversion;
  const spans = await checkConnections(connection, connections);
  if (!spans.ok) return spans;
  const { settings, database } = await serverContext();
  const estate = await newestEstate(database.db, connection.id, connections);
  if (estate === null) return refuse('estate.never', { connection: connection.name });

  const keepAliveS = settings.SPILLWAY_KEEP_ALIVE_S;
  const durations = await readDurations(database.db, connection.id);
  const originalTtls = await readOriginalTtls(database.db, {
    connectionId,
    domains: listDomains(diversion.routes),
    estate,
    restores,
  });
  const used = await keepUsed(diversion, { connectionId, estate, restores, originalTtls });
  const made = planned(used, restores, { estate, keepAliveS, durations, originalTtls });
  if (!made.ok) return made;
  const fresh = await refuseUnread(made.value);
  if (!fresh.ok) return fresh;
  const hash = await planHash(made.value);
  if (!fitsPlanFile(made.value, hash)) return refuse('plan.tooLarge', { steps: made.value.steps.length });
  return ok({ plan: made.value, hash, estate });
}

/** Refuses a plan of objects that Spillway has written after the last sync that read them, and requests that sync. */
async function refuseUnread(plan: Plan): Promise<Result<null, ActionError>> {
  const { database, engine } = await serverContext();
  const all = listConnectionIds(plan);
  const unread = new Set(await readUnreadKeys(database.db, all));
  const found = plan.steps.find(
    (step) => step.kind === 'write' && unread.has(ownedKey(step.object, plan.connectionId)),
  );
  if (found?.kind !== 'write') return ok(null);
  for (const id of all) await engine.enqueueSync({ connectionId: id });
  return refuse('estate.behind', { object: refName(found.object) });
}

/**
 * Runs the preflight of a plan on a snapshot. Fixes are those that work.
 * @param replaces the stopped run that the plan continues, which is not in its way
 */
export async function runPreflight(
  plan: Plan,
  estate: Estate,
  replaces: RunId | null,
): Promise<readonly Finding[]> {
  const { database, settings } = await serverContext();
  const { connectionId, diversion, restores, originalTtls } = plan;
  const conditions = await readConditions(database.db, {
    connectionId,
    connections: diversion.connections,
    span: null,
    maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
    others: { kind: 'all', ownName: diversion.name, leaveOut: [replaces] },
    safety: { planId: null, runId: replaces, t0: null, isStart: false },
  });
  const check = (intent: Diversion) =>
    preflightInTurns({ estate, diversion: intent, restores, originalTtls, conditions });
  // Fixes don't apply to a plan that restores drift: it changes nothing of the diversion's intent.
  if (restores !== undefined) return check(diversion);
  return vetFixes(await check(diversion), (patch) =>
    check(asDiversion(applyFix(estate, dropLikeRoutes(estate, toDraft(diversion)), patch), estate)),
  );
}

type NewPlan = {
  readonly plan: Plan;
  /** The plan's own. */
  readonly hash: string;
  readonly estate: Estate;
  /** The diversion of the revision; null = a new one. */
  readonly diversionId?: DiversionId | null;
  /** The stopped run that the plan continues, and the given reason. */
  readonly replaces?: { readonly runId: RunId; readonly reason: string } | null;
  /** True = it is made from the last plan of the diversion: its authors stay authors. */
  readonly isDerived?: boolean;
};

/** Stores a plan with the preflight of its diversion on a snapshot; a stored plan is immutable. Returns its id. */
export async function storePlan(made: NewPlan, actor: Pick<Actor, 'name' | 'accountId'>): Promise<PlanId> {
  const stored = await storePlanIf(made, actor, async () => ok(null));
  invariant(stored.ok, 'there was no condition');
  return stored.value;
}

/**
 * Stores a plan as `storePlan` does, if a condition holds in the transaction that stores it; else returns the refusal.
 * @param check the condition; must read through the given transaction
 */
export async function storePlanIf(
  { plan, hash, estate, diversionId = null, replaces = null, isDerived = false }: NewPlan,
  actor: Pick<Actor, 'name' | 'accountId'>,
  check: (db: Database) => Promise<Result<null, ActionError>>,
): Promise<Result<PlanId, ActionError>> {
  const { database, engine } = await serverContext();
  const findings = await runPreflight(plan, estate, replaces?.runId ?? null);
  const connection = await findConnection(plan.connectionId);
  invariant(connection !== null, 'a plan was made on a connection');
  const approvalFacts = listApprovalFacts(plan, {
    kind: connection.kind,
    findings,
    authors: await readAuthors(database.db, diversionId, plan, getActorKey(actor), isDerived),
  });
  const stored = await database.db.transaction(async (db): Promise<Result<PlanId, ActionError>> => {
    const checked = await check(db);
    if (!checked.ok) return checked;
    const [row] = await db
      .insert(plans)
      .values({
        connectionId: plan.connectionId,
        ...(diversionId !== null && { diversionId }),
        plan,
        findings,
        hash,
        approvalFacts,
        createdBy: actor.name,
        replaces: replaces?.runId ?? null,
        replacesReason: replaces?.reason ?? '',
      })
      .returning({ id: plans.id });
    invariant(row !== undefined, 'an insert returns its row');
    return ok(row.id);
  });
  if (stored.ok) await engine.enqueueTraffic({ planId: stored.value });
  return stored;
}
