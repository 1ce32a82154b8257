'use server';

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { CommandRunAction } from '@/lib/contract/run';
import type { Database } from '@/lib/db/database';
import * as schema from '@/lib/db/schema';
import { confirmationText } from '@/lib/diversion/routes';
import type { Actor } from '@/lib/policy/actor';
import { ok, type Result } from '@/lib/result';
import { listDnsRollbackSteps } from '@/lib/run/model/drain';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { canCommand, type Direction, liveCommands, liveStates, startsChanges } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { verb } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { listDisconnected } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { closeRun } from '@/lib/store/runs/close-run';
import { type Decision, exclusively } from '@/lib/store/runs/exclusively';
import { loadRun } from '@/lib/store/runs/load-run';
import { readAccountConnections } from '@/lib/store/runs/read-account-connections';
import { isInEffect, laterRuns } from '@/lib/store/runs/read-replaced';
import { findOverlap, getPlanSpan } from '@/lib/store/runs/run-overlap';

const CommandInput = z.object({
  runId: RunId,
  command: z.enum(liveCommands),
  reason: z.string().trim().max(500, 'reason.tooLong').default(''),
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
});
type CommandInput = z.infer<typeof CommandInput>;

/**
 * Returns until when clients may still reach what this run would unbind, in epoch ms, because a run that continued it
 * has rolled back DNS. That run did not wait for the drain, because it unbinds nothing of this run.
 */
function drainedAfter(run: RunRecord, later: RunRecord): number {
  const drain = run.plan.rollback.find((step) => step.kind === 'drain');
  if (drain === undefined) return 0;
  const dns = new Map(listDnsRollbackSteps(later.plan).map((step) => [step.id, step]));
  const ends = later.events.flatMap((event) => {
    if (event.type !== 'stepDone' || event.direction !== 'rollback' || event.outcome === 'notOurs') return [];
    const step = dns.get(event.stepId);
    if (step?.before.kind !== 'recordSet') return [];
    const ttlS = Math.max(drain.oldTtlS, ...step.before.records.map((record) => record.ttlS));
    return [Date.parse(event.at) + (ttlS + drain.keepAliveS) * 1000];
  });
  return Math.max(0, ...ends);
}

/**
 * Checks whether a continued run may be rolled back: runs that build on it must be rolled back first, and cached DNS
 * answers that point there must have expired.
 */
async function checkRollbackAllowed(
  db: Database,
  run: RunRecord,
  now: Date,
): Promise<Result<null, ActionError>> {
  const later = await laterRuns(db, run.id);
  const inEffect = later.find(isInEffect);
  if (inEffect !== undefined) return refuse('run.replacedInEffect', { run: run.id, by: inEffect.id });
  for (const each of later) {
    const leftS = Math.ceil((drainedAfter(run, each) - now.getTime()) / 1000);
    if (leftS > 0) return refuse('run.notDrained', { run: run.id, by: each.id, seconds: leftS });
  }
  return ok(null);
}

/** Starts a new attempt of a stopped run. */
async function startAttempt(
  run: RunRecord,
  direction: Direction,
  { name: actor, accountId }: Actor,
  reason: string,
  decision: Decision,
): ReturnType<CommandRunAction> {
  const others = decision.runs.filter((other) => other.id !== run.id);
  // A rollback starts now, regardless of the schedule.
  const span = getPlanSpan(run.plan, direction === 'apply' ? run.cutover : null);
  const overlap = findOverlap(run.plan, span, others, await readAccountConnections(decision.db));
  if (overlap !== null) {
    const { runId, object } = overlap;
    return refuse(overlap.isStopped ? 'run.overlapStopped' : 'run.overlap', { run: runId, object });
  }
  const disconnected = await listDisconnected(decision.db, listConnectionIds(run.plan));
  if (disconnected.length > 0) return refuse('plan.disconnected', { accounts: disconnected.join(', ') });
  const { engine } = await serverContext();
  const job = { runId: run.id, attempt: run.attempts.length + 1 };
  await decision.db.insert(schema.runAttempts).values({ ...job, direction, actor, accountId, reason });
  await engine.enqueueRun(job, decision.transaction);
  return ok(null);
}

async function carryOut(
  { command, reason }: CommandInput,
  by: Actor,
  run: RunRecord,
  decision: Decision,
): ReturnType<CommandRunAction> {
  const { name: actor } = by;
  const { state, direction } = foldRun(run);
  const isStopped = !liveStates.includes(state);
  if (isStopped && (command === 'continue' || command === 'rollback')) {
    const way = command === 'continue' ? direction : 'rollback';
    const free = way === 'rollback' ? await checkRollbackAllowed(decision.db, run, new Date()) : ok(null);
    return free.ok ? startAttempt(run, way, by, reason, decision) : free;
  }
  if (command === 'leaveAsIs' && state === 'stopped') {
    await closeRun(decision.db, run, { actor, reason });
    return ok(null);
  }
  const { engine } = await serverContext();
  await engine.send(
    { runId: run.id, attempt: run.attempts.length },
    { id: randomUUID(), command, actor, reason },
  );
  return ok(null);
}

/**
 * Sends a command to a run if the `runCan` table allows it; otherwise refuses with the run's state. A run in progress
 * receives it as a message with actor and reason; a stopped run starts a new attempt, or is closed. On a real account,
 * continuing a stopped apply also requires the moved domain to be typed. A rollback never does.
 */
export const commandRun = verb(
  'run.command',
  CommandInput,
  ({ runId }) => ({ run: runId }),
  async (input, actor, note): ReturnType<CommandRunAction> => {
    const { runId, command, typedDomain } = input;
    note({ command });
    const { database } = await serverContext();
    return exclusively(database.pool, async (decision) => {
      const run = await loadRun(decision.db, runId);
      if (run === null) return refuse('run.gone', { run: runId });
      const { state, direction } = foldRun(run);
      if (!canCommand({ state, direction }, command))
        return refuse(`run.cannot.${command}`, { run: runId, state });
      const { stop } = decision;
      if (stop !== null && startsChanges(command, direction))
        return refuse('emergencyStop.stopped', { actor: stop.actor, reason: stop.reason });
      const applies =
        command === 'continue' &&
        state === 'stopped' &&
        direction === 'apply' &&
        run.connectionKind === 'tencent';
      if (applies && typedDomain !== confirmationText(run.plan.diversion)) {
        return refuseFields({ typedDomain: ['typedDomain.differs'] });
      }
      return carryOut(input, actor, run, decision);
    });
  },
);
