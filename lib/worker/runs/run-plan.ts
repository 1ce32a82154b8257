import type { Logger } from 'pino';
import type { Cloud } from '@/lib/cloud/port';
import { isDatabaseReadOnly } from '@/lib/database-away';
import type { Database } from '@/lib/db/database';
import { reconnectingForRun } from '@/lib/db/reconnecting';
import type { Prober } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { inSpan } from '@/lib/log/in-span';
import { withLogFields } from '@/lib/log/log-fields';
import { type EngineHandlers, isTakenOver } from '@/lib/run/durable/start-engine';
import { execute } from '@/lib/run/executor';
import type { RunEvent } from '@/lib/run/model/model';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import type { Clock } from '@/lib/run/steps/ports';
import { joinedProber, runCloud } from '@/lib/run/steps/run-cloud';
import { recordDecision, type WorkerDecision } from '@/lib/store/audit/record-decision';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { loadRun } from '@/lib/store/runs/load-run';
import type { Measures } from '@/lib/worker/connections/measures';
import type { RunFaultPoint } from '@/lib/worker/loop/fault-point';
import { databaseJournal, observedJournal } from './observed-journal';
import { confirmFence, RunTakenOverError, takeFence } from './run-fence';
import { storedValidator } from './stored-validator';
import { trafficWatcher } from './traffic-watcher';
import { watchFigures } from './watch-figures';

/** Real time. The engine handles long waits; this clock is for pauses inside a step. */
const wallClock: Clock = {
  now: () => new Date(),
  sleepUntil: (instant) =>
    new Promise((resolve) => setTimeout(resolve, Math.max(0, instant.getTime() - Date.now()))),
};

export type RunPlanDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Cloud;
  readonly proberOf: (connectionId: string) => Prober;
  readonly faultPoint: RunFaultPoint;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly measures: Pick<Measures, 'event'>;
  /** Syncs the connection again: after a run has ended, and while one waits. */
  readonly sync: (connectionId: string) => Promise<void>;
  /** The time for which clients keep a connection open, in seconds: as in the creation of plans. */
  readonly keepAliveS: number;
  /** The interval of the probes for charts and of agents, in seconds; 0 = never. */
  readonly probeEveryS: number;
};

/** Returns the decision that a run has made without a command, with an event; null = a person made it, or it decides nothing. */
export function describeDecision(event: RunEvent, runId: string): WorkerDecision | null {
  const by = { actor: 'spillway', objects: [{ kind: 'run', id: runId }] };
  if (event.type === 'missed') return { ...by, operation: 'run.missT0', facts: { lateMs: event.lateMs } };
  if (event.type === 'rollback' && event.why.kind !== 'command')
    return { ...by, operation: 'run.rollBack', facts: { why: event.why.kind } };
  if (event.type === 'closed' && event.actor === 'Spillway' && event.reason === 'T1')
    return { ...by, operation: 'run.cancel', facts: { why: 'T1' } };
  if (event.type === 'stopped') return { ...by, operation: 'run.stop', facts: { reason: event.reason.kind } };
  return null;
}

/**
 * Executes one attempt of a stored run on the durable engine, and stops it on an internal error.
 * @throws an error if another worker has claimed the run, or the engine's database only reads for now; this execution then
 * does nothing more
 */
export function runPlan(deps: RunPlanDeps): EngineHandlers['run'] {
  const runAttempt: EngineHandlers['run'] = async ({ runId, attempt }, { inbox, once }) => {
    const run = await reconnectingForRun(() => loadRun(deps.db, runId));
    const mine = run?.attempts.find((a) => a.attempt === attempt);
    invariant(run && mine, `attempt ${attempt} of ${runId} was stored before it was enqueued`);
    const { plan } = run;
    const { direction, actor, requestedAt: dueAt } = mine;
    // Not recorded by the engine: each execution of the run takes its own number before it reads what the previous one
    // wrote.
    const fence = await takeFence(deps.db, runId, attempt);
    const journal = observedJournal(databaseJournal(deps.db, fence), runId, deps.log, (event) => {
      deps.measures.event(event, { plan, dueAt });
      const decision = describeDecision(event, runId);
      if (decision !== null) void recordDecision(deps.db, deps.log, decision);
    });
    /** Logs an internal error with its stack: the journal has its message alone. */
    const reportError = (error: unknown) => {
      if (isTakenOver(error) || error instanceof RunTakenOverError) throw error;
      // The engine doesn't wait for such a database: nothing can be recorded, not even a stop.
      if (isDatabaseReadOnly(error)) throw error;
      deps.log.error({ err: error }, `${runId} met an error of our own`);
    };
    try {
      invariant(run.isIntact, `plan ${run.planId} is what was reviewed`);
      const { cloud, joined } = runCloud(
        { own: plan.connectionId, cloudOf: deps.cloudOf },
        { runId, plan, events: journal.read },
        () => confirmFence(deps.db, fence),
      );
      const prober = joinedProber(plan.connectionId, deps.proberOf);
      await execute(
        { plan, cutover: run.cutover, guards: run.guards, direction, attempt, actor },
        {
          validator: storedValidator(deps, run),
          watcher: trafficWatcher(
            {
              cloud: joined,
              prober,
              now: wallClock.now,
              log: deps.log,
              readFigures: watchFigures(
                { ...deps, now: wallClock.now, everyS: deps.probeEveryS },
                runId,
                run.guards,
              ),
            },
            hasPlaceholders(plan) ? async () => bindPlan(plan, await journal.read()) : async () => plan,
            run.guards,
          ),
          cloud,
          prober,
          clock: wallClock,
          random: Math.random,
          journal,
          faultPoint: (point, stepId) => deps.faultPoint(point, stepId, plan.connectionId),
          reportError,
          inbox,
          once,
        },
      );
    } catch (error) {
      reportError(error);
      const reason = {
        kind: 'internal',
        message: error instanceof Error ? error.message : String(error),
      } as const;
      const at = new Date().toISOString();
      await once('stopped.internal', () =>
        journal.append({ type: 'stopped', stepId: null, reason, at, direction }),
      );
    }
    await once('afterwards', async () => {
      for (const id of listConnectionIds(plan)) await deps.sync(id);
    });
  };
  return (job, engine) => {
    const { runId, attempt } = job;
    const attributes = { 'spillway.run': runId, 'spillway.attempt': attempt };
    return withLogFields({ run: runId, step: null, attempt }, () =>
      inSpan('run', attributes, () => runAttempt(job, engine)),
    );
  };
}
