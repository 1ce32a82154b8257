'use server';

import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type {
  AddSwitchAction,
  DisableFailoverAction,
  EnableFailoverAction,
  MoveSwitchAction,
  RemoveSwitchAction,
} from '@/lib/contract/switch';
import { switches } from '@/lib/db/schema';
import { FailoverPolicy } from '@/lib/diversion/failover';
import { movedDomain } from '@/lib/diversion/routes';
import { buildFlip, RampStep, SingleSwitch, type SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import { isLoopbackAddress, isPublicAddress, parseEndpoint } from '@/lib/estate/address';
import checkTexts from '@/lib/messages/en/preflight.json';
import { findSides, servingSide } from '@/lib/plan/model/switch-sides';
import { mayUseEverywhere } from '@/lib/policy/access';
import { type Actor, getActorKey } from '@/lib/policy/actor';
import { isUnapproved } from '@/lib/policy/approval';
import type { ConnectionKind } from '@/lib/policy/connection-kinds';
import { stops } from '@/lib/preflight/model/stops';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { ok, type Result } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { listNamedObjects } from '@/lib/server/access/named-objects';
import { findDiversionId } from '@/lib/server/diversions/get-diversion';
import { createPlan } from '@/lib/server/plans/create-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { verb } from '@/lib/server/verb';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { checkConnections } from '@/lib/store/plans/check-connections';
import { makePlan } from '@/lib/store/plans/make-plan';
import { readPlan } from '@/lib/store/plans/read-plan';
import { refuse, refuseFields } from '@/lib/store/refusal';

const AddInput = z.object({
  connectionId: z.string().min(1),
  diversion: SingleSwitch,
  policy: FailoverPolicy,
});

/**
 * Refuses resolvers that the worker would not query: a real account allows only public ones, a sandbox only its own.
 */
function refuseResolvers(kind: ConnectionKind, { vantages }: FailoverPolicy): Result<null, ActionError> {
  const mayQuery = kind === 'sandbox' ? isLoopbackAddress : isPublicAddress;
  const message = kind === 'sandbox' ? 'vantage.notSandbox' : 'vantage.notPublic';
  const bad = vantages.flatMap((vantage, index) => {
    if (vantage.kind !== 'name' || vantage.resolver === null) return [];
    const endpoint = parseEndpoint(vantage.resolver, 53);
    return endpoint !== null && mayQuery(endpoint.host)
      ? []
      : [[`policy.vantages.${index}`, [message]] as const];
  });
  return bad.length === 0 ? ok(null) : refuseFields(Object.fromEntries(bad));
}

async function findSwitch(id: string) {
  const { database } = await serverContext();
  const [row] = await database.db.select().from(switches).where(eq(switches.id, id));
  return row ?? null;
}

/** Refuses a Switch whose moves would write outside of the limits of whoever adds it, in either direction. */
async function checkMoves(
  actor: Actor,
  connectionId: string,
  diversion: SwitchDiversion,
): Promise<Result<null, ActionError>> {
  if (mayUseEverywhere(actor.access, 'switch.add')) return ok(null);
  for (const toward of SwitchSide.options) {
    const made = await makePlan(connectionId, { ...diversion, toward });
    if (!made.ok) return made;
    const permitted = await checkPlanAccess(actor, 'switch.add', made.value.plan);
    if (!permitted.ok) return permitted;
  }
  return ok(null);
}

/** Adds a name with its two sides to the switchboard; no traffic moves, and failover is disabled. */
export const addSwitch = verb(
  'switch.add',
  AddInput,
  ({ connectionId, diversion }) => listNamedObjects(connectionId, diversion),
  async ({ connectionId, diversion, policy }, actor): ReturnType<AddSwitchAction> => {
    const connection = await findConnection(connectionId);
    if (connection === null) return refuse('connection.gone', { id: connectionId });
    const resolvers = refuseResolvers(connection.kind, policy);
    if (!resolvers.ok) return resolvers;
    const spans = await checkConnections(connection, diversion.connections);
    if (!spans.ok) return spans;
    const permitted = await checkMoves(actor, connectionId, diversion);
    if (!permitted.ok) return permitted;
    const { database } = await serverContext();
    const rows = await database.db.select().from(switches).where(eq(switches.connectionId, connectionId));
    const domain = movedDomain(diversion);
    const same = rows.find((row) => movedDomain(row.diversion) === domain);
    if (same !== undefined) return refuse('switch.exists', { switch: same.id, domain });
    const values = {
      connectionId,
      diversion,
      policy,
      addedBy: getActorKey(actor),
      setBy: actor.name,
      setByAccount: actor.accountId,
    };
    const [made] = await database.db.insert(switches).values(values).returning({ id: switches.id });
    return ok({ switchId: made?.id ?? '' });
  },
);

/** Removes a Switch from the board. Its moves stay in effect. */
export const removeSwitch = verb(
  'switch.remove',
  z.string().min(1),
  (id) => ({ switch: id }),
  async (id): ReturnType<RemoveSwitchAction> => {
    const { database } = await serverContext();
    const gone = await database.db.delete(switches).where(eq(switches.id, id)).returning({ id: switches.id });
    return gone.length === 0 ? refuse('switch.gone', { switch: id }) : ok(null);
  },
);

/**
 * Refuses failover that could not move traffic: a side of the Switch does not exist, or the preflight of the move to the
 * side that would receive it blocks, whatever else runs.
 */
async function checkReceivingSide({
  connectionId,
  diversion,
}: typeof switches.$inferSelect): Promise<Result<null, ActionError>> {
  const { db } = (await serverContext()).database;
  const estate = await newestEstate(db, connectionId, diversion.connections);
  if (estate === null) return refuse('switch.failoverUnread');
  const sides = findSides(estate, diversion);
  if (sides === null) return refuse('switch.failoverMissing');
  const toward = servingSide(estate, sides) === 'cvm' ? 'function' : 'cvm';
  const findings = await preflightInTurns({ estate, diversion: buildFlip(diversion, toward) });
  const block = findings.find(stops);
  if (block === undefined) return ok(null);
  return refuse('switch.failoverBlocked', { toward, check: checkTexts.check[block.check] });
}

const EnableInput = z.object({ switchId: z.string().min(1), policy: FailoverPolicy });

/** Enables failover: the Switch fails over automatically, once. Its health is counted from now on. */
export const enableFailover = verb(
  'switch.enableFailover',
  EnableInput,
  ({ switchId }) => ({ switch: switchId }),
  async ({ switchId, policy }, actor): ReturnType<EnableFailoverAction> => {
    const row = await findSwitch(switchId);
    const connection = row === null ? null : await findConnection(row.connectionId);
    if (connection === null) return refuse('switch.gone', { switch: switchId });
    const resolvers = refuseResolvers(connection.kind, policy);
    if (!resolvers.ok) return resolvers;
    const receiving = row === null ? ok(null) : await checkReceivingSide(row);
    if (!receiving.ok) return receiving;
    const { database } = await serverContext();
    const enabled = {
      state: 'enabled',
      policy,
      rounds: [],
      decision: null,
      setBy: actor.name,
      setByAccount: actor.accountId,
      setAt: new Date(),
    } as const;
    const set = await database.db
      .update(switches)
      .set(enabled)
      .where(eq(switches.id, switchId))
      .returning({ id: switches.id });
    return set.length === 0 ? refuse('switch.gone', { switch: switchId }) : ok(null);
  },
);

/** Disables failover: the Switch moves only manually. */
export const disableFailover = verb(
  'switch.disableFailover',
  z.string().min(1),
  (id) => ({ switch: id }),
  async (id, actor): ReturnType<DisableFailoverAction> => {
    const { database } = await serverContext();
    const disabled = {
      state: 'disabled',
      decision: null,
      setBy: actor.name,
      setByAccount: actor.accountId,
      setAt: new Date(),
    } as const;
    const set = await database.db
      .update(switches)
      .set(disabled)
      .where(eq(switches.id, id))
      .returning({ id: switches.id });
    return set.length === 0 ? refuse('switch.gone', { switch: id }) : ok(null);
  },
);

const MoveInput = z.object({
  switchId: z.string().min(1),
  toward: SwitchSide,
  ramp: z.array(RampStep).min(1, 'ramp.missing').max(20, 'ramp.tooLong'),
  typedDomain: z.string().nullable().default(null),
});

/**
 * Moves a Switch manually: planned on the newest snapshot and applied at once, under the rules of any plan. If the
 * policy requires approvals, the plan is stored for approval and applied from its page.
 */
export const moveSwitch = verb(
  'switch.move',
  MoveInput,
  ({ switchId }) => ({ switch: switchId }),
  async ({ switchId, toward, ramp, typedDomain }, _actor, note): ReturnType<MoveSwitchAction> => {
    note({ toward });
    const row = await findSwitch(switchId);
    if (row === null) return refuse('switch.gone', { switch: switchId });
    const planned = await createPlan({
      connectionId: row.connectionId,
      diversion: { ...row.diversion, toward, ramp },
      diversionId: row.diversionId,
    });
    if (!planned.ok) return planned;
    const { planId } = planned.value;
    const { db } = (await serverContext()).database;
    if (row.diversionId === null)
      await db
        .update(switches)
        .set({ diversionId: await findDiversionId(db, planId) })
        .where(eq(switches.id, switchId));
    const view = await readPlan(db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    if (isUnapproved(view.approvals.count)) return ok({ planId, runId: null });
    const applied = await applyPlan({ planId, hash: view.hash, typedDomain });
    return applied.ok ? ok({ planId, runId: applied.value.runId }) : applied;
  },
);
