'use server';

import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import type { StartRehearsalAction } from '@/lib/contract/rehearsal';
import { rehearsals } from '@/lib/db/schema';
import { Cutover } from '@/lib/diversion/cutover';
import { eventScenario } from '@/lib/plan/event-scenario';
import { PlanId } from '@/lib/plan/model/model';
import { RehearsalSettings } from '@/lib/rehearsal/input';
import { usualHostWeights } from '@/lib/rehearsal/traffic/list-hosts';
import { ok } from '@/lib/result';
import { usualCutover } from '@/lib/server/plans/usual-cutover';
import { verb } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readPlan } from '@/lib/store/plans/read-plan';
import { refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';

/** The maximum number of rehearsals of a plan that have not ended: each takes seconds of a worker, or minutes. */
const unfinishedMax = 5;
const amount = (max: number) =>
  z.number('amount.invalid').min(0, 'amount.invalid').max(max, 'amount.invalid');

const StartInput = z.object({
  planId: PlanId,
  hash: z.string().min(1),
  /** Absent = that of the scheduled run, otherwise the usual one: of the policy, or at once for a restore. */
  cutover: Cutover.nullable().optional(),
  /** The expected load, from which a scenario is derived; absent = as the diversion says. */
  load: z
    .object({
      peakRps: amount(10_000_000).nullable().default(null),
      callMs: amount(900_000).nullable().default(null),
      serverRps: amount(1_000_000).nullable().default(null),
    })
    .prefault({}),
  /** null = derived from the plan, the newest snapshot and the load. */
  scenario: CapacityScenario.nullable().default(null),
  settings: RehearsalSettings.omit({ scenario: true }).prefault({}),
});

/**
 * Requests a rehearsal of a plan from a worker: the same plan runs on a copy of the newest snapshot, with a virtual
 * clock, and a report says how it went. Nothing changes in the account.
 */
export const startRehearsal = verb(
  'rehearsal.start',
  StartInput,
  ({ planId }) => ({ plan: planId }),
  async (
    { planId, hash, cutover: given, load, scenario: chosen, settings },
    actor,
    note,
  ): ReturnType<StartRehearsalAction> => {
    note({ seed: settings.seed, events: settings.events, commands: settings.commands.length });
    const { database, engine, settings: own } = await serverContext();
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    if (view.hash !== hash || !view.isIntact) return refuse('plan.otherHash');
    if (view.plan.steps.length === 0) return refuse('plan.nothingToDo');
    const estate = await newestEstate(database.db, view.connection.id, listConnectionIds(view.plan));
    if (estate === null) return refuse('estate.never', { connection: view.connection.name });
    const cutover = given === undefined ? (view.reschedulable ?? usualCutover(view, Date.now())) : given;
    const scenario = chosen ?? eventScenario(view.plan, estate, cutover, load);
    if (scenario === null) return refuse('rehearsal.noFunction', { plan: planId });
    const guards = cutover?.guards ?? view.policy.guards;
    const hostWeights = { ...usualHostWeights(view.plan, estate), ...settings.hostWeights };
    const input = {
      settings: { ...settings, hostWeights, scenario },
      cutover,
      guards,
      keepAliveS: own.SPILLWAY_KEEP_ALIVE_S,
    };
    return exclusively(database.pool, async (decision) => {
      const open = await decision.db.$count(
        rehearsals,
        and(eq(rehearsals.planId, planId), inArray(rehearsals.state, ['queued', 'running'])),
      );
      if (open >= unfinishedMax) return refuse('rehearsal.busy', { count: open });
      const [row] = await decision.db
        .insert(rehearsals)
        .values({ planId, hash, input, actor: actor.name })
        .returning({ id: rehearsals.id });
      const rehearsalId = row?.id ?? '';
      const kind = settings.events > 1 ? 'drill' : 'rehearsal';
      await engine.enqueueRehearsal({ rehearsalId }, kind, decision.transaction);
      return ok({ rehearsalId });
    });
  },
);
