import 'server-only';
import { z } from 'zod';
import type { CommandRunAction } from '@/lib/client/actions';
import * as schema from '@/lib/db/schema';
import { unreachable } from '@/lib/invariant';
import { ok } from '@/lib/result';
import { foldRun, type RunRecord } from '@/lib/run/fold-run';
import { type Direction, type RunCommand, runCan } from '@/lib/run/model';
import { currentActor } from './actor';
import { serverContext } from './context';
import { type Decision, exclusively } from './exclusively';
import { findConnection } from './list-connections';
import { loadRun } from './load-run';
import { refuse, refuseFields, refuseInput } from './refusal';
import { findOverlap } from './run-overlap';

const CommandInput = z.object({
  runId: z.string().min(1),
  command: z.enum(['hold', 'retry', 'revert', 'close']),
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
});

async function startAttempt(
  run: RunRecord,
  direction: Direction,
  decision: Decision,
): ReturnType<CommandRunAction> {
  const others = decision.runs.filter((other) => other.id !== run.id);
  const overlap = findOverlap(run.plan, others);
  if (overlap !== null) {
    const { runId, object } = overlap;
    return refuse(overlap.isHeld ? 'run.overlapHeld' : 'run.overlap', { run: runId, object });
  }
  const { connectionId } = run.plan;
  if ((await findConnection(connectionId)) === null) return refuse('connection.gone', { id: connectionId });
  const { engine } = await serverContext();
  const job = { runId: run.id, attempt: run.attempts.length + 1 };
  await decision.db.insert(schema.runAttempts).values({ ...job, direction, actor: currentActor() });
  await engine.enqueueRun(job, decision.transaction);
  return ok(null);
}

async function carryOut(
  command: RunCommand,
  run: RunRecord,
  decision: Decision,
): ReturnType<CommandRunAction> {
  const { direction } = foldRun(run);
  const actor = currentActor();
  switch (command) {
    case 'hold': {
      const { engine } = await serverContext();
      await engine.send({ runId: run.id, attempt: run.attempts.length }, { command, actor });
      return ok(null);
    }
    case 'retry':
      return startAttempt(run, direction, decision);
    case 'revert':
      return startAttempt(run, 'revert', decision);
    case 'close': {
      const event = { type: 'closed', actor, at: new Date().toISOString(), direction } as const;
      await decision.db.insert(schema.runEvents).values({ runId: run.id, event });
      return ok(null);
    }
    default:
      return unreachable(command);
  }
}

/**
 * Hold, retry, revert or close a run, where the table of what a run can do allows it; refused with its state elsewhere.
 * To retry an apply on a real account is to apply: it wants domain B typed too. The way back never does.
 */
export const commandRun = async (input: unknown): ReturnType<CommandRunAction> => {
  const parsed = CommandInput.safeParse(input);
  if (!parsed.success) return refuseInput(parsed.error);
  const { runId, command, typedDomain } = parsed.data;
  const { database } = await serverContext();
  return exclusively(database.pool, async (decision) => {
    const run = await loadRun(decision.db, runId);
    if (run === null) return refuse('run.gone', { run: runId });
    const { state, direction } = foldRun(run);
    if (!runCan[command].includes(state)) return refuse(`run.cannot.${command}`, { run: runId, state });
    const applies = command === 'retry' && direction === 'apply' && run.connectionKind === 'tencent';
    if (applies && typedDomain !== run.plan.diversion.laneB.domain) {
      return refuseFields({ typedDomain: ['typedDomain.differs'] });
    }
    return carryOut(command, run, decision);
  });
};
