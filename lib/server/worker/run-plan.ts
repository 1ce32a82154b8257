import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import type { Prober } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/hash';
import type { EngineHandlers } from '@/lib/run/durable';
import { execute } from '@/lib/run/executor';
import type { Clock } from '@/lib/run/ports';
import type { StepContext } from '@/lib/run/step-context';
import { loadRun } from '../load-run';
import { databaseJournal } from './journal';

/** Real time. Long waits are the engine's; this one is for pauses inside a step. */
const wallClock: Clock = {
  now: () => new Date(),
  sleepUntil: (instant) =>
    new Promise((resolve) => setTimeout(resolve, Math.max(0, instant.getTime() - Date.now()))),
};

export type RunPlanDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Cloud;
  readonly proberOf: (connectionId: string) => Prober;
  readonly faultPoint: StepContext['faultPoint'];
  /** Told of what the journal can only name: our own errors, with their stack. */
  readonly onError: (error: unknown, runId: string) => void;
  /** Reads the estate anew once a run has ended. */
  readonly afterwards: (connectionId: string) => Promise<void>;
};

/** Runs one attempt of a stored run over the durable engine, and holds it if our own code fails. */
export function runPlan(deps: RunPlanDeps): EngineHandlers['run'] {
  return async ({ runId, attempt }, { inbox, once }) => {
    const run = await reconnecting(() => loadRun(deps.db, runId));
    const mine = run?.attempts.find((a) => a.attempt === attempt);
    invariant(run && mine, `attempt ${attempt} of ${runId} was stored before it was enqueued`);
    const { plan } = run;
    const { direction, actor } = mine;
    const journal = databaseJournal(deps.db, runId);
    try {
      invariant((await planHash(plan)) === run.planHash, `plan ${run.planId} is what was reviewed`);
      await execute(
        { plan, direction, attempt, actor },
        {
          cloud: deps.cloudOf(plan.connectionId),
          prober: deps.proberOf(plan.connectionId),
          clock: wallClock,
          journal,
          faultPoint: deps.faultPoint,
          inbox,
          once,
        },
      );
    } catch (error) {
      deps.onError(error, runId);
      const reason = {
        kind: 'internal',
        message: error instanceof Error ? error.message : String(error),
      } as const;
      const at = new Date().toISOString();
      await once('held.internal', () =>
        journal.append({ type: 'held', stepId: null, reason, at, direction }),
      );
    }
    await once('afterwards', () => deps.afterwards(plan.connectionId));
  };
}
