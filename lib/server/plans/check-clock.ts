import 'server-only';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { ClockChecksView } from '@/lib/contract/plan';
import { Cutover } from '@/lib/diversion/cutover';
import { PlanId } from '@/lib/plan/model/model';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { ok, type Result } from '@/lib/result';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readPlan } from '@/lib/store/plans/read-plan';
import { refuse, refuseInput } from '@/lib/store/refusal';
import { spanOfPlan } from '@/lib/store/runs/run-overlap';

/** The parts of a schedule that determine the plan's period. Without T1, the plan stays in effect. */
const Clock = z.object({ t0: z.string(), t1: z.string().optional(), prewarmS: z.number().default(0) });

/** Returns the findings that are new since the plan was reviewed, worst first. */
function newOnes(now: readonly Finding[], reviewed: readonly Finding[]): readonly Finding[] {
  const findingKey = ({ check, status, objects }: Finding) => `${check} ${status} ${objects.join()}`;
  const known = new Set(reviewed.map(findingKey));
  const wrong = now.filter((finding) => finding.status !== 'pass' && !known.has(findingKey(finding)));
  return [...wrong.filter(stops), ...wrong.filter((finding) => !stops(finding))];
}

/**
 * Returns the new findings for a reviewed plan on a schedule, from the newest snapshot: other plans at that time,
 * certificates that expire before it ends, and anything else that has changed since the review.
 */
export const checkClock = query(
  'plan.check',
  Clock.extend({ planId: PlanId }),
  ({ planId }) => ({ plan: planId }),
  async ({ planId, t1 = null, ...given }): Promise<Result<ClockChecksView, ActionError>> => {
    const rest = { zone: 'UTC', missedT0: { kind: 'skip' }, guards: [] };
    const clock = Cutover.safeParse({ ...given, t1, ...rest });
    if (!clock.success) return refuseInput(clock.error);
    const { database, settings } = await serverContext();
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    const { plan, connection, findings, replaces, runId } = view;
    const { connections } = plan.diversion;
    const estate = await newestEstate(database.db, connection.id, connections);
    if (estate === null) return refuse('estate.never', { connection: connection.name });
    const { diversion, restores, originalTtls } = plan;
    const conditions = await readConditions(database.db, {
      connectionId: connection.id,
      connections,
      span: spanOfPlan(plan, clock.data, new Date()),
      others: { kind: 'all', ownName: diversion.name, leaveOut: [runId, replaces?.runId ?? null] },
      maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
      safety: { planId, runId, t0: clock.data.t0, isStart: false },
    });
    return ok({
      findings: newOnes(
        await preflightInTurns({ estate, diversion, restores, originalTtls, conditions }),
        findings,
      ),
    });
  },
);
