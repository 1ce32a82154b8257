import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnectingForRun } from '@/lib/db/reconnecting';
import { runEvents } from '@/lib/db/schema';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Plan, StepId, WriteStep } from '@/lib/plan/model/model';
import { isFailover } from '@/lib/run/model/failover';
import type { StoredRun } from '@/lib/run/model/fold-run';
import type { Problem } from '@/lib/run/model/model';
import { hasPlaceholders } from '@/lib/run/model/placeholders';
import { judgeNextWrite } from '@/lib/safety/judge-change';
import { violationValues } from '@/lib/safety/safety-facts';
import { listConnectionIds } from '@/lib/server/connections/list-connection-ids';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { readFactsFor } from '@/lib/server/plans/read-safety-facts';
import { readSafetyRules } from '@/lib/server/safety/read-rule-facts';

/** Returns the steps of an apply that are in effect, or may be: their calls were about to be sent. */
async function readBegunSteps(db: Database, { id }: StoredRun): Promise<ReadonlySet<StepId>> {
  const { event } = runEvents;
  const rows = await db
    .selectDistinct({ stepId: sql<StepId>`${event}->>'stepId'` })
    .from(runEvents)
    .where(
      and(
        eq(runEvents.runId, id),
        inArray(sql`${event}->>'type'`, ['intent', 'stepDone']),
        eq(sql`${event}->>'direction'`, 'apply'),
      ),
    );
  return new Set(rows.map(({ stepId }) => stepId));
}

/**
 * Returns the safety rules that the next write of a stored run would violate, on the newest snapshot with the states that
 * the run's writes have left. Without rules, it reads one empty table. The rules are read again for each write, so a rule
 * that was added meanwhile counts.
 * @param plan the run's, with the ids of created objects as far as they are known
 */
export function checkStoredWrite(
  db: Database,
  run: StoredRun,
  step: WriteStep,
  plan: Plan,
): Promise<readonly Problem[]> {
  return reconnectingForRun(async () => {
    const rules = (await readSafetyRules(db)).filter(({ rule }) => rule.isEnabled);
    if (rules.length === 0) return [];
    const { planId, id: runId } = run;
    const [facts, estate, begun] = await Promise.all([
      readFactsFor(db, rules, { planId, runId, isFailover: isFailover(run) }),
      newestEstate(db, plan.connectionId, listConnectionIds(plan)),
      readBegunSteps(db, run),
    ]);
    if (estate === null) return [{ kind: 'stale', values: { minutes: 0 } }];
    const anticipated = anticipate(estate, run.plan.diversion);
    const { loadBalancers, listeners } = anticipated.missing;
    // The snapshot has created objects under their placeholders until a sync has found them.
    const isUnbound = hasPlaceholders(plan) && loadBalancers.length + listeners.length > 0;
    const change = {
      plan: isUnbound ? run.plan : plan,
      estate: anticipated.estate,
      stepId: step.id,
      begun,
      at: Date.now(),
    };
    return judgeNextWrite(change, facts).map((violation) => ({
      kind: 'safetyRule',
      values: violationValues(violation),
    }));
  });
}
