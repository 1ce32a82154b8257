import 'server-only';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ReleaseLineAction, StopLineAction } from '@/lib/client/actions';
import { lineStops } from '@/lib/db/schema';
import { ok } from '@/lib/result';
import { foldRun } from '@/lib/run/fold-run';
import { canCommand } from '@/lib/run/model';
import { currentActor } from './actor';
import { serverContext } from './context';
import { exclusively } from './exclusively';
import { parseInput } from './parse-input';
import { refuse } from './refusal';

const StopInput = z.object({
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/**
 * Stops the line: every run that goes on is paused at its next safe place, and nothing is applied, scheduled, retried or
 * resumed until the line is released. A way back stays possible.
 */
export const stopLine = async (input: unknown): ReturnType<StopLineAction> => {
  const parsed = parseInput(StopInput, input);
  if (!parsed.ok) return parsed;
  const { reason } = parsed.value;
  const actor = currentActor();
  const { database, engine } = await serverContext();
  return exclusively(database.pool, async ({ db, runs, stop }) => {
    if (stop !== null) return refuse('line.stopped', { actor: stop.actor, reason: stop.reason });
    await db.insert(lineStops).values({ actor, reason });
    const going = runs.filter((run) => canCommand(foldRun(run), 'pause'));
    for (const run of going)
      await engine.send(
        { runId: run.id, attempt: run.attempts.length },
        { id: randomUUID(), command: 'pause', actor, reason },
      );
    return ok({ paused: going.length });
  });
};

/** Releases the line. What was paused stays so until somebody resumes it. */
export const releaseLine = async (): ReturnType<ReleaseLineAction> => {
  const { database } = await serverContext();
  return exclusively(database.pool, async ({ db, stop }) => {
    if (stop === null) return refuse('line.running');
    await db.delete(lineStops);
    return ok(null);
  });
};
