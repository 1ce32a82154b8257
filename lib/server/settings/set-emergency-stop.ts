'use server';

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ClearEmergencyStopAction, SetEmergencyStopAction } from '@/lib/contract/schedule';
import { emergencyStopLog, emergencyStops } from '@/lib/db/schema';
import { ok } from '@/lib/result';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { canCommand, liveStates } from '@/lib/run/model/model';
import type { CommandMessage } from '@/lib/run/steps/ports';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';

const StopInput = z.object({
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/**
 * Returns whether a run is in apply direction and not in effect yet: the emergency stop pauses these runs. A queued run
 * receives the message first.
 */
function goesForward(run: RunRecord): boolean {
  const view = foldRun(run);
  const canPause = canCommand(view, 'pause') || view.state === 'queued';
  return view.direction === 'apply' && view.state !== 'diverted' && canPause;
}

/** Returns a message of the emergency stop to the newest attempt of a run. */
function stopMessage(command: 'pause' | 'continue', actor: string, reason: string): CommandMessage {
  return { id: randomUUID(), command, actor, reason, by: 'emergencyStop' };
}

/**
 * Pauses all changes: every run in apply direction pauses at its next safe point, and nothing can be applied,
 * scheduled, retried or resumed until changes are resumed. Rollbacks, T1 and drains continue.
 */
export const setEmergencyStop = verb(
  'emergencyStop.set',
  StopInput,
  'all',
  async ({ reason }, { name: actor }): ReturnType<SetEmergencyStopAction> => {
    const { database, engine } = await serverContext();
    return exclusively(database.pool, async ({ db, runs, stop }) => {
      if (stop !== null) return refuse('emergencyStop.stopped', { actor: stop.actor, reason: stop.reason });
      await db.insert(emergencyStops).values({ actor, reason });
      await db.insert(emergencyStopLog).values({ action: 'pause', actor, reason });
      const going = runs.filter(goesForward);
      for (const run of going)
        await engine.send(
          { runId: run.id, attempt: run.attempts.length },
          stopMessage('pause', actor, reason),
        );
      return ok({ paused: going.length });
    });
  },
);

/**
 * Resumes changes. Every run that only the emergency stop has paused continues; runs paused by an operator stay paused.
 * The message is sent to all runs that may have been requested to pause, including those that have not received that
 * yet; other runs ignore it.
 */
export const clearEmergencyStop = verb(
  'emergencyStop.clear',
  StopInput,
  'all',
  async ({ reason }, { name: actor }): ReturnType<ClearEmergencyStopAction> => {
    const { database, engine } = await serverContext();
    return exclusively(database.pool, async ({ db, runs, stop }) => {
      if (stop === null) return refuse('emergencyStop.running');
      await db.delete(emergencyStops);
      await db.insert(emergencyStopLog).values({ action: 'resume', actor, reason });
      const notified = runs.filter((run) => {
        const { direction, state } = foldRun(run);
        return direction === 'apply' && liveStates.includes(state);
      });
      for (const run of notified)
        await engine.send(
          { runId: run.id, attempt: run.attempts.length },
          stopMessage('continue', actor, reason),
        );
      return ok({ resumed: notified.filter((run) => foldRun(run).stoppedBy?.isStop).length });
    });
  },
);
