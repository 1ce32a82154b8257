import 'server-only';
import { plans } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { preflight } from '@/lib/preflight/preflight';
import type { RunId } from '@/lib/run/model/model';
import type { Actor } from '@/lib/server/actor';
import { serverContext } from '@/lib/server/context';
import { readCircumstances } from './read-circumstances';

/**
 * Stores a plan with the preflight of its diversion on a snapshot; a stored plan never changes.
 * @param hash the plan's own
 * @returns its id
 */
export async function storePlan(
  {
    plan,
    hash,
    estate,
    replaces = null,
  }: {
    readonly plan: Plan;
    readonly hash: string;
    readonly estate: Estate;
    /** The held run that it continues, and the reason given. */
    readonly replaces?: { readonly runId: RunId; readonly reason: string } | null;
  },
  actor: Actor,
): Promise<PlanId> {
  const { database, engine, settings } = await serverContext();
  const { connectionId, diversion, restores } = plan;
  const circumstances = await readCircumstances(database.db, {
    connectionId,
    connections: diversion.connections,
    span: null,
    maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
    others: { kind: 'all', ownName: diversion.name, leaveOut: [replaces?.runId ?? null] },
  });
  const findings = preflight({ estate, diversion, restores, circumstances });
  const [row] = await database.db
    .insert(plans)
    .values({
      connectionId,
      plan,
      findings,
      hash,
      createdBy: actor.name,
      replaces: replaces?.runId ?? null,
      replacesReason: replaces?.reason ?? '',
    })
    .returning({ id: plans.id });
  invariant(row !== undefined, 'an insert returns its row');
  await engine.enqueueTraffic({ planId: row.id });
  return row.id;
}
